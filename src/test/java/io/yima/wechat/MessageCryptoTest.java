package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.secrets.Secret;
import io.yima.wechat.Decryption.Decrypted;
import io.yima.wechat.Decryption.Reason;
import io.yima.wechat.Decryption.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Vectors of wechat-protocol.md, section 3.5. */
class MessageCryptoTest {

  private static final String KEY_A = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private static final String KEY_B = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
  private static final String KEY_E = "A".repeat(43);

  private static final String ENCRYPT_E =
      "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4Vtsdv"
          + "E//1vr7oAbqjDv8KenVp+ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5D"
          + "kyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhHTtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2lts"
          + "oyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G7aTb7KZKOqCxgfoUlY"
          + "EZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMp"
          + "agSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg==";
  private static final String ENCRYPT_B =
      "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==";
  private static final String ENCRYPT_C =
      "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F"
          + "8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T3"
          + "32jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciV"
          + "GCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e"
          + "6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=";

  private final MessageCrypto crypto = crypto("wx134c8103faa5a59e", "AAAAA", KEY_E);

  @Test
  void vector_e_of_the_current_documentation_opens() {
    Decryption opened = crypto.decrypt(vectorE(ENCRYPT_E));

    assertThat(opened).isInstanceOf(Decrypted.class);
    String xml = ((Decrypted) opened).xml();
    assertThat(xml.getBytes(StandardCharsets.UTF_8)).hasSize(292);
    PushedXml fields = PushedXml.parse(xml).orElseThrow();
    assertThat(fields.field("ToUserName")).isEqualTo("gh_97417a04a28d");
    assertThat(fields.field("FromUserName")).isEqualTo("o9AgO5Kd5ggOC-bXrbNODIiE3bGY");
    assertThat(fields.field("CreateTime")).isEqualTo("1715943329");
    assertThat(fields.field("Event")).isEqualTo("debug_demo");
    assertThat(fields.field("debug_str")).isEqualTo("hello world");
  }

  @Test
  void vector_e_of_the_current_documentation_is_made() {
    EncryptedReply reply =
        crypto.encrypt(
            "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>",
            "1713424427",
            "415670741",
            bytes("999951349e8ee746"));

    assertThat(reply.msgSignature()).isEqualTo("03e0812039325c2712ef5f0f980fd14c70d6e307");
    assertThat(reply.encrypt())
        .isEqualTo(
            "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3"
                + "HAZbSvPT9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7");
  }

  @Test
  void both_directions_of_vector_e_remake_each_other() {
    String xml = ((Decrypted) crypto.decrypt(vectorE(ENCRYPT_E))).xml();

    EncryptedReply again =
        crypto.encrypt(xml, "1715943329", "1590219412", bytes("1205899eaf019bbd"));

    assertThat(again.encrypt()).isEqualTo(ENCRYPT_E);
    assertThat(again.msgSignature()).isEqualTo("6c12a4205838198b8fa631b3220723bb07f1015c");
  }

  @Test
  void vector_a_of_the_java_demo_is_made_and_opens() {
    MessageCrypto demo = crypto("wxb11529c136998cb6", "pamtest", KEY_A);

    EncryptedReply reply = demo.encrypt("我是中文abcd123", "1", "2", bytes("aaaabbbbccccdddd"));

    assertThat(reply.encrypt())
        .isEqualTo(
            "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==");
    assertThat(demo.decrypt(new SignedEnvelope(reply.msgSignature(), "1", "2", reply.encrypt())))
        .isEqualTo(new Decrypted("我是中文abcd123", false));
  }

  @Test
  void vector_b_of_the_sister_product_opens() {
    Decryption opened =
        crypto("wx5823bf96d3bd56c7", "QDG6eK", KEY_B)
            .decrypt(
                new SignedEnvelope(
                    "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
                    "1409659589",
                    "263014780",
                    ENCRYPT_B));

    assertThat(opened).isEqualTo(new Decrypted("1616140317555161061", false));
  }

  @Test
  void vector_c_of_the_python_sample_opens() {
    Decryption opened = crypto("wx2c2769f8efd9abc2", "spamtest", KEY_A).decrypt(vectorC());

    String xml = ((Decrypted) opened).xml();
    assertThat(xml.getBytes(StandardCharsets.UTF_8)).hasSize(280);
    PushedXml fields = PushedXml.parse(xml).orElseThrow();
    assertThat(fields.field("Content")).isEqualTo("abcdteT");
    assertThat(fields.field("MsgId")).isEqualTo("6054768590064713728");
  }

  @Test
  void blanks_and_line_ends_around_the_ciphertext_do_no_harm() {
    assertThat(crypto.decrypt(vectorE("\n  " + ENCRYPT_E + " \r\n"))).isInstanceOf(Decrypted.class);
  }

  @Test
  void the_previous_key_opens_what_the_current_one_cannot_and_answers_it() {
    MessageCrypto rotated =
        new MessageCrypto(
            "wx134c8103faa5a59e", Secret.of("AAAAA"), Secret.of(KEY_A), Secret.of(KEY_E));

    Decryption opened = rotated.decrypt(vectorE(ENCRYPT_E));

    assertThat(opened)
        .isInstanceOfSatisfying(Decrypted.class, it -> assertThat(it.usedPrevious()).isTrue());
    EncryptedReply reply =
        rotated.answering((Decrypted) opened).encrypt("<xml/>", "1", "2", new byte[16]);
    assertThat(crypto.decrypt(new SignedEnvelope(reply.msgSignature(), "1", "2", reply.encrypt())))
        .isEqualTo(new Decrypted("<xml/>", false));
  }

  @Test
  void a_wrong_signature_token_timestamp_nonce_or_text_is_refused() {
    String good = "6c12a4205838198b8fa631b3220723bb07f1015c";
    List<SignedEnvelope> forged =
        List.of(
            new SignedEnvelope("", "1715943329", "1590219412", ENCRYPT_E),
            new SignedEnvelope(good.replace('6', '7'), "1715943329", "1590219412", ENCRYPT_E),
            new SignedEnvelope(good, "1715943330", "1590219412", ENCRYPT_E),
            new SignedEnvelope(good, "1715943329", "1590219413", ENCRYPT_E),
            new SignedEnvelope(good, "1715943329", "1590219412", ENCRYPT_E.replace('D', 'E')));

    assertThat(forged)
        .allSatisfy(
            it -> assertThat(crypto.decrypt(it)).isEqualTo(new Refused(Reason.BAD_SIGNATURE)));
    assertThat(crypto("wx134c8103faa5a59e", "other", KEY_E).decrypt(vectorE(ENCRYPT_E)))
        .isEqualTo(new Refused(Reason.BAD_SIGNATURE));
  }

  @Test
  void a_message_to_another_platform_is_refused() {
    assertThat(crypto("wx134c8103faa5a59f", "AAAAA", KEY_E).decrypt(vectorE(ENCRYPT_E)))
        .isEqualTo(new Refused(Reason.FOREIGN_APPID));
  }

  @Test
  void a_message_under_an_unknown_key_is_refused() {
    assertThat(crypto("wx134c8103faa5a59e", "AAAAA", KEY_A).decrypt(vectorE(ENCRYPT_E)))
        .isEqualTo(new Refused(Reason.BAD_CIPHERTEXT));
  }

  @Test
  void broken_pads_lengths_and_texts_are_refused() throws Exception {
    byte[] head = bytes("0123456789abcdef");
    List<String> broken =
        List.of(
            "",
            "not base64!",
            "AAAA",
            sealed(new byte[64]),
            sealed(padded(message(head, 5, "hello", "wx134c8103faa5a59e"), 33)),
            sealed(disagreeing(message(head, 5, "hello", "wx134c8103faa5a59e"))),
            sealed(padded(message(head, -1, "hello", "wx134c8103faa5a59e"), 0)),
            sealed(padded(message(head, 1000, "hello", "wx134c8103faa5a59e"), 0)),
            sealed(padded(message(head, Integer.MAX_VALUE, "hello", ""), 0)),
            sealed(padded(bytes("short"), 0)));

    assertThat(broken)
        .allSatisfy(
            it ->
                assertThat(crypto.decrypt(signed(it)))
                    .isEqualTo(new Refused(Reason.BAD_CIPHERTEXT)));
  }

  @Test
  void texts_of_every_length_return_unchanged() {
    long seed = System.nanoTime();
    RandomGenerator random = new Random(seed);
    for (int length = 0; length < 200; length++) {
      String text = "码".repeat(random.nextInt(20)) + "x".repeat(length);
      byte[] head = new byte[16];
      random.nextBytes(head);

      EncryptedReply reply = crypto.encrypt(text, "1", "2", head);

      assertThat(
              crypto.decrypt(new SignedEnvelope(reply.msgSignature(), "1", "2", reply.encrypt())))
          .as("seed %d, length %d", seed, length)
          .isEqualTo(new Decrypted(text, false));
      assertThat(Base64.getDecoder().decode(reply.encrypt()).length % 32).isZero();
    }
  }

  @Test
  void a_key_has_43_letters_and_digits() {
    assertThat(MessageCrypto.isEncodingAesKey(KEY_A)).isTrue();
    assertThat(MessageCrypto.isEncodingAesKey(KEY_A + "H")).isFalse();
    assertThat(MessageCrypto.isEncodingAesKey(KEY_A.replace('a', '+'))).isFalse();
    assertThatThrownBy(() -> crypto("wx1", "token", "too short"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an EncodingAESKey has 43 letters and digits");
  }

  @Test
  void a_decrypted_message_does_not_print_itself() {
    assertThat(new Decrypted("<xml>ticket@@@x</xml>", false).toString()).doesNotContain("ticket");
  }

  private static MessageCrypto crypto(String appid, String token, String key) {
    return new MessageCrypto(appid, Secret.of(token), Secret.of(key), null);
  }

  private static SignedEnvelope vectorE(String encrypt) {
    return new SignedEnvelope(
        "6c12a4205838198b8fa631b3220723bb07f1015c", "1715943329", "1590219412", encrypt);
  }

  private static SignedEnvelope vectorC() {
    return new SignedEnvelope(
        "5d197aaffba7e9b25a30732f161a50dee96bd5fa", "1409735669", "1320562132", ENCRYPT_C);
  }

  private static SignedEnvelope signed(String encrypt) {
    String[] parts = {"AAAAA", "1", "2", encrypt};
    Arrays.sort(parts);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes(String.join("", parts)));
      return new SignedEnvelope(HexFormat.of().formatHex(digest), "1", "2", encrypt);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] message(byte[] head, int length, String text, String appid) {
    return ByteBuffer.allocate(head.length + 4 + text.length() + appid.length())
        .put(head)
        .putInt(length)
        .put(bytes(text))
        .put(bytes(appid))
        .array();
  }

  /** With a pad as it should be, or of the given value. */
  private static byte[] padded(byte[] text, int value) {
    int pad = 32 - text.length % 32;
    byte[] padded = Arrays.copyOf(text, text.length + pad);
    Arrays.fill(padded, text.length, padded.length, (byte) (value == 0 ? pad : value));
    return padded;
  }

  private static byte[] disagreeing(byte[] text) {
    byte[] padded = padded(text, 0);
    padded[text.length]++;
    return padded;
  }

  private static String sealed(byte[] padded) throws Exception {
    byte[] key = Base64.getDecoder().decode(KEY_E + "=");
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
    return Base64.getEncoder().encodeToString(cipher.doFinal(padded));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
