package dev.attache.proxy.tls.hello;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Why bytes are not TLS, with BoringSSL's numbers: what is found before BoringSSL sees them. */
public enum TlsProblem {
    CONNECTION_REJECTED(133, 40),
    DECODE_ERROR(137, 50),
    ENCRYPTED_LENGTH_TOO_LONG(146, 22),
    EXCESSIVE_MESSAGE_SIZE(150, 47),
    HTTPS_PROXY_REQUEST(155, TlsProblem.NO_ALERT),
    HTTP_REQUEST(156, TlsProblem.NO_ALERT),
    UNEXPECTED_MESSAGE(223, 10),
    UNEXPECTED_RECORD(225, 10),
    PARSE_TLSEXT(190, 50),
    UNSUPPORTED_PROTOCOL(240, 70),
    WRONG_VERSION_NUMBER(247, 70);

    private static final int NO_ALERT = -1;

    /** The library's part of an error code: SSL routines. */
    private static final int LIBRARY = 16 << 24;

    private final int reason;
    private final int alert;

    /**
     * @param alert its description in RFC 8446 section 6, or {@link #NO_ALERT}
     */
    TlsProblem(int reason, int alert) {
        this.reason = reason;
        this.alert = alert;
    }

    /** The fatal alert as a record, or null: who sent no TLS at all would not understand it. */
    public byte @Nullable [] alertRecord() {
        return alert == NO_ALERT ? null : new byte[] {21, 3, 1, 0, 2, 2, (byte) alert};
    }

    /** What the first bytes of a connection are, given that they are no record. */
    public static TlsProblem ofStart(ByteBuf data, int at) {
        int length = Math.min(5, data.writerIndex() - at);
        return ofStart(data.toString(at, length, StandardCharsets.ISO_8859_1));
    }

    public static TlsProblem ofStart(String start) {
        if (start.startsWith("GET ")
                || start.startsWith("POST ")
                || start.startsWith("HEAD ")
                || start.startsWith("PUT ")) {
            return HTTP_REQUEST;
        }
        if (start.startsWith("CONNE")) {
            return HTTPS_PROXY_REQUEST;
        }
        boolean record = start.length() > 1 && start.charAt(1) == 3;
        return record ? ENCRYPTED_LENGTH_TOO_LONG : WRONG_VERSION_NUMBER;
    }

    /** As BoringSSL prints the last error. */
    String words() {
        return "error:" + HexFormat.of().toHexDigits(LIBRARY | reason) + ":" + routine();
    }

    /** As Envoy prints a failed handshake: the number in decimal. */
    public String inHandshake() {
        return (LIBRARY | reason) + ":" + routine();
    }

    private String routine() {
        return "SSL routines:OPENSSL_internal:" + name();
    }
}
