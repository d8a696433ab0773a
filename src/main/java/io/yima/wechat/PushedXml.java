package io.yima.wechat;

import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A pushed XML as a flat map: the texts of the root's children. What is nested deeper is left out;
 * of a repeated name the first counts.
 */
public record PushedXml(Map<String, String> fields) {

  private static final int MAX_LENGTH = 64 << 10;
  private static final int MAX_DEPTH = 16;
  private static final XMLInputFactory FACTORY = factory();

  public PushedXml {
    fields = Map.copyOf(fields);
  }

  /** Reads XML; empty when it is malformed, longer than 64 KiB, too deep, or has a DTD. */
  public static Optional<PushedXml> parse(String xml) {
    if (xml.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      XMLStreamReader reader =
          FACTORY.createXMLStreamReader(
              new StringReader(xml.startsWith("\uFEFF") ? xml.substring(1) : xml));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      return Optional.empty();
    }
  }

  /** The text of a field, without blanks around it; null when it is missing or blank. */
  public @Nullable String field(String name) {
    String text = fields.get(name);
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** Field names only: values may be tickets and codes. */
  @Override
  public String toString() {
    return "PushedXml" + fields.keySet();
  }

  private static Optional<PushedXml> read(XMLStreamReader reader) throws XMLStreamException {
    Map<String, String> fields = new HashMap<>();
    StringBuilder text = new StringBuilder();
    boolean flat = true;
    int depth = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++depth > MAX_DEPTH) {
            return Optional.empty();
          }
          flat = depth <= 2;
          text.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          if (depth-- == 2 && flat) {
            fields.putIfAbsent(reader.getLocalName(), text.toString());
          }
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> {
          return Optional.empty();
        }
        default -> {}
      }
    }
    return Optional.of(new PushedXml(fields));
  }

  /** The JDK's own parser, with everything off that could fetch or expand. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing is resolved");
        });
    return factory;
  }
}
