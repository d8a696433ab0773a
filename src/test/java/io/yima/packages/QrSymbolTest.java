package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.google.zxing.qrcode.decoder.Mode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class QrSymbolTest {

  private static final String URL = "P.URL.CN/0U.JYJXP3HJI2C98A9O";

  @Test
  void an_address_is_drawn_in_the_alphanumeric_mode() {
    QrSymbol symbol = QrSymbol.of(URL);

    assertThat(symbol.mode()).isEqualTo(Mode.ALPHANUMERIC);
    // Version 2: as bytes it would not fit.
    assertThat(symbol.width()).isEqualTo(25);
  }

  @Test
  void the_png_reads_as_the_address() throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(QrSymbol.of(URL).png()));
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);

    String read =
        new QRCodeReader()
            .decode(
                new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, width, pixels))))
            .getText();

    assertThat(read).isEqualTo(URL);
    assertThat(width).isEqualTo(330);
  }

  @Test
  void the_svg_draws_each_dark_module_once() {
    String svg = new String(QrSymbol.of(URL).svg(), StandardCharsets.US_ASCII);

    assertThat(svg).startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 33 33\"");
    // The three corners' outlines alone are 24 modules wide each.
    assertThat(svg.split("h1v1h-1z", -1).length).isGreaterThan(200);
    assertThat(svg).contains("M4 4h1v1h-1z").doesNotContain("M3 3h1");
  }
}
