package io.yima.packages;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.decoder.Mode;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import com.google.zxing.qrcode.encoder.QRCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * A code's printed address as a QR code, as it is and without a scheme. Its characters are those of
 * the alphanumeric mode, which makes a smaller symbol than bytes do.
 */
final class QrSymbol {

  /** Around the symbol, as its standard demands. */
  private static final int QUIET = 4;

  private static final int PIXELS_PER_MODULE = 10;
  private static final int WHITE = 0xffffff;

  private final QRCode code;

  private QrSymbol(QRCode code) {
    this.code = code;
  }

  static QrSymbol of(String codeUrl) {
    try {
      return new QrSymbol(
          Encoder.encode(
              codeUrl, ErrorCorrectionLevel.M, Map.of(EncodeHintType.CHARACTER_SET, "UTF-8")));
    } catch (WriterException e) {
      throw new IllegalStateException("an address is too long for a QR code", e);
    }
  }

  Mode mode() {
    return code.getMode();
  }

  /** How many modules it is wide, without what is around it. */
  int width() {
    return code.getMatrix().getWidth();
  }

  byte[] svg() {
    ByteMatrix matrix = code.getMatrix();
    int size = width() + 2 * QUIET;
    StringBuilder svg = new StringBuilder();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .append(size)
        .append(' ')
        .append(size)
        .append("\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h")
        .append(size)
        .append('v')
        .append(size)
        .append("H0z\"/><path d=\"");
    for (int y = 0; y < width(); y++) {
      for (int x = 0; x < width(); x++) {
        if (matrix.get(x, y) == 1) {
          svg.append('M').append(x + QUIET).append(' ').append(y + QUIET).append("h1v1h-1z");
        }
      }
    }
    return svg.append("\"/></svg>\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  byte[] png() {
    ByteMatrix matrix = code.getMatrix();
    int size = (width() + 2 * QUIET) * PIXELS_PER_MODULE;
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_BINARY);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        if (!isDark(matrix, x / PIXELS_PER_MODULE - QUIET, y / PIXELS_PER_MODULE - QUIET)) {
          image.setRGB(x, y, WHITE);
        }
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  private static boolean isDark(ByteMatrix matrix, int x, int y) {
    return x >= 0
        && y >= 0
        && x < matrix.getWidth()
        && y < matrix.getHeight()
        && matrix.get(x, y) == 1;
  }
}
