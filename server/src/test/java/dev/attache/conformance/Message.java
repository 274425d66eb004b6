package dev.attache.conformance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One HTTP message, request or response, of either protocol, as a fake client or upstream received
 * it. {@code note} tells how it ended when it did not end well.
 */
record Message(String start, Headers headers, byte[] body, Headers trailers, String note) {
    private static final int SHOWN = 3000;

    /** The status of a response, or 0. */
    int status() {
        String[] parts = start.split(" ");
        return parts.length > 1 && parts[1].matches("[0-9]{3}") ? Integer.parseInt(parts[1]) : 0;
    }

    Message noted(String text) {
        return new Message(
                start, headers, body, trailers, note.isEmpty() ? text : note + ", " + text);
    }

    String describe(Normaliser normaliser) {
        StringBuilder out = new StringBuilder();
        out.append(normaliser.text(start)).append('\n').append(headers.describe(normaliser));
        if (body.length > 0) {
            byte[] content = ContentCoding.decoded(headers, body);
            out.append('\n').append(normaliser.text(show(content))).append('\n');
        }
        if (!trailers.fields().isEmpty()) {
            out.append("trailers:\n").append(trailers.describe(normaliser));
        }
        if (!note.isEmpty()) {
            out.append("(").append(normaliser.text(note)).append(")\n");
        }
        return out.toString();
    }

    /** Bytes as text, unprintable ones escaped; long ones as length and digest. */
    static String show(byte[] bytes) {
        if (bytes.length > SHOWN) {
            return "<" + bytes.length + " bytes, sha256 " + digest(bytes) + ">";
        }
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
            if (b == '\n' || (b >= 0x20 && b < 0x7f)) {
                out.append((char) b);
            } else if (b == '\r') {
                out.append("\\r");
            } else {
                out.append(String.format("\\x%02x", b & 0xff));
            }
        }
        return out.toString();
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Text of a case as bytes: Latin-1, so that {@code "\xff"} in YAML is the byte 0xff. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
