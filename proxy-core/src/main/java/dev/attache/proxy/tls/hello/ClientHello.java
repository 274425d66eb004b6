package dev.attache.proxy.tls.hello;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS ClientHello (RFC 8446 section 4.1.2) offers, however it is cut into records. Looks
 * only; allocates in proportion to what has been received. Immutable, any thread.
 */
public final class ClientHello {

    /** Bytes with record headers beyond which nobody waits for the rest: Envoy's inspector. */
    private static final int MAX_RAW_BYTES = 16 * 1024;

    /** A longer message is an error for BoringSSL: not a ClientHello. */
    private static final int MAX_MESSAGE_BYTES = 16 * 1024;

    private static final int MAX_RECORD_BYTES = (1 << 14) + 256;
    private static final int RECORD_HEADER = 5;
    private static final int HEADER = 4;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int STATUS_REQUEST = 5;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;

    /** What the bytes so far are. */
    public enum Outcome {
        /** The beginning of a ClientHello, perhaps. */
        NEED_MORE,
        /** Nothing that BoringSSL would read as a ClientHello; a message over 16 KiB is none. */
        NOT_TLS,
        /** Still incomplete when 16 KiB have come. */
        TOO_LARGE,
        /** A whole one. */
        FOUND
    }

    private final Outcome outcome;
    private final int bytesRead;
    private @Nullable String problem;
    private int version;
    private @Nullable String serverName;
    private List<String> protocols = List.of();
    private @Nullable Cursor suites;
    private @Nullable Cursor groups;
    private @Nullable Cursor signatures;
    private boolean namesVersions;
    private boolean asksForStatus;
    private byte[] message = {};

    private ClientHello(Outcome outcome, int bytesRead) {
        this.outcome = outcome;
        this.bytesRead = bytesRead;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** How many bytes were needed to know. */
    public int bytesRead() {
        return bytesRead;
    }

    /** BoringSSL's words for {@link Outcome#NOT_TLS}, with its error code; else null. */
    public @Nullable String problem() {
        return problem;
    }

    /** Lower case, or null where none was sent. */
    public @Nullable String serverName() {
        return serverName;
    }

    public List<String> protocols() {
        return protocols;
    }

    /** {@code legacy_version}: 0x0303 of TLS 1.2 and 1.3 clients. */
    public int version() {
        return version;
    }

    /** Whether there is a {@code supported_versions} extension. */
    public boolean namesVersions() {
        return namesVersions;
    }

    /** Whether an OCSP response is wanted: {@code status_request} (RFC 6066 section 8). */
    public boolean asksForStatus() {
        return asksForStatus;
    }

    /** Numbers of the cipher suites. */
    public int[] cipherSuites() {
        return suites == null ? new int[0] : suites.numbers();
    }

    /** {@code supported_groups}, or nothing where that extension is absent or malformed. */
    public int[] groups() {
        return groups == null ? new int[0] : groups.numbers();
    }

    /** {@code signature_algorithms}, or nothing where that extension is absent or malformed. */
    public int[] signatureAlgorithms() {
        return signatures == null ? new int[0] : signatures.numbers();
    }

    /** The fingerprint JA3, 32 hexadecimal digits; computed anew with each call. */
    public String ja3() {
        return Fingerprints.of(message).ja3();
    }

    /** The fingerprint JA4; computed anew with each call. */
    public String ja4() {
        return Fingerprints.of(message).ja4();
    }

    private static ClientHello notTls(int bytesRead, TlsProblem why) {
        ClientHello none = new ClientHello(Outcome.NOT_TLS, bytesRead);
        none.problem = why.words();
        return none;
    }

    /** Reads from {@code data}'s reader index without moving it. */
    public static ClientHello read(ByteBuf data) {
        ClientHello hello = scan(data);
        if (hello != null) {
            return hello;
        }
        int length = data.readableBytes();
        return length >= MAX_RAW_BYTES
                ? new ClientHello(Outcome.TOO_LARGE, MAX_RAW_BYTES)
                : new ClientHello(Outcome.NEED_MORE, length);
    }

    /** As BoringSSL reads: record by record, each when it is whole. Null = more is needed. */
    private static @Nullable ClientHello scan(ByteBuf data) {
        int begin = data.readerIndex();
        int at = begin;
        int end = Math.min(data.writerIndex(), at + MAX_RAW_BYTES);
        Message message = new Message();
        while (end - at >= RECORD_HEADER) {
            int length = data.getUnsignedShort(at + 3);
            if (data.getByte(at + 1) != 3) {
                return notTls(at + RECORD_HEADER - begin, TlsProblem.ofStart(data, at));
            }
            if (length > MAX_RECORD_BYTES) {
                return notTls(at + RECORD_HEADER - begin, TlsProblem.ENCRYPTED_LENGTH_TOO_LONG);
            }
            int type = data.getByte(at);
            at += RECORD_HEADER;
            if (end - at < length) {
                return null;
            }
            int after = at + length;
            if (type != HANDSHAKE) {
                return notTls(after - begin, TlsProblem.UNEXPECTED_RECORD);
            }
            TlsProblem wrong = message.add(data, at, after, end - after);
            if (wrong != null) {
                return notTls(after - begin, wrong);
            }
            byte[] whole = message.whole();
            if (whole != null) {
                return parse(whole, after - begin);
            }
            at = after;
        }
        return null;
    }

    /** The handshake message as it is put together from records. */
    private static final class Message {

        private final byte[] header = new byte[HEADER];
        private byte @Nullable [] body;
        private int filled;

        /**
         * @param behind bytes there are after {@code to}: nothing is allocated for a promise
         */
        @Nullable TlsProblem add(ByteBuf data, int from, int to, int behind) {
            int at = from;
            while (at < to && filled < HEADER) {
                header[filled++] = data.getByte(at++);
            }
            if (filled < HEADER) {
                return null;
            }
            int size = size(header);
            if (header[0] != CLIENT_HELLO) {
                return TlsProblem.UNEXPECTED_MESSAGE;
            }
            if (size == 0 || size > MAX_MESSAGE_BYTES) {
                return size == 0 ? TlsProblem.DECODE_ERROR : TlsProblem.EXCESSIVE_MESSAGE_SIZE;
            }
            if (body == null && to - at + behind >= size) {
                body = new byte[size];
            }
            if (body != null) {
                int part = Math.min(to - at, body.length - (filled - HEADER));
                data.getBytes(at, body, filled - HEADER, part);
                filled += part;
            }
            return null;
        }

        byte @Nullable [] whole() {
            return body != null && filled - HEADER == body.length ? body : null;
        }
    }

    private static int size(byte[] header) {
        return (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | header[3] & 0xff;
    }

    private static ClientHello parse(byte[] message, int bytesRead) {
        ClientHello hello = new ClientHello(Outcome.FOUND, bytesRead);
        Cursor cursor = new Cursor(message, 0, message.length);
        hello.message = message;
        hello.version = cursor.u16();
        if (hello.version < 0x0301 || hello.version > 0x0304) {
            return notTls(bytesRead, TlsProblem.UNSUPPORTED_PROTOCOL);
        }
        cursor.skip(32);
        cursor.skip(cursor.u8());
        hello.suites = cursor.sub(cursor.u16());
        cursor.skip(cursor.u8());
        if (!cursor.failed && cursor.left() > 0) {
            Cursor extensions = cursor.sub(cursor.u16());
            while (!extensions.failed && extensions.left() > 0) {
                int type = extensions.u16();
                Cursor body = extensions.sub(extensions.u16());
                hello.extension(type, body);
                if (body.failed) {
                    return notTls(bytesRead, TlsProblem.PARSE_TLSEXT);
                }
            }
            cursor.failed |= extensions.failed;
        }
        return cursor.failed ? notTls(bytesRead, TlsProblem.DECODE_ERROR) : hello;
    }

    private void extension(int type, Cursor body) {
        switch (type) {
            case SERVER_NAME -> serverName = serverName(body);
            case ALPN -> protocols = protocols(body);
            case SUPPORTED_GROUPS -> groups = list(body);
            case SIGNATURE_ALGORITHMS -> signatures = list(body);
            case SUPPORTED_VERSIONS -> namesVersions = true;
            case STATUS_REQUEST -> asksForStatus = true;
            default -> {}
        }
    }

    /** A list that fills its extension; whether it is malformed, the handshake decides. */
    private static @Nullable Cursor list(Cursor body) {
        Cursor copy = new Cursor(body.bytes, body.at, body.end);
        Cursor list = copy.sub(copy.u16());
        return copy.failed || copy.left() > 0 ? null : list;
    }

    private static @Nullable String serverName(Cursor body) {
        Cursor names = body.sub(body.u16());
        String found = null;
        while (!names.failed && names.left() > 0) {
            int type = names.u8();
            Cursor name = names.sub(names.u16());
            String text = name.text();
            if (type == 0 && found == null) {
                if (text.isEmpty() || text.length() > 255 || text.indexOf('\0') >= 0) {
                    body.failed = true;
                    return null;
                }
                found = small(text);
            }
        }
        body.failed |= names.failed;
        return found;
    }

    /** Letters of ASCII alone: octets beyond it are no letters. */
    private static String small(String octets) {
        StringBuilder small = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            small.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return small.toString();
    }

    private static List<String> protocols(Cursor body) {
        Cursor list = body.sub(body.u16());
        List<String> protocols = new ArrayList<>(4);
        while (!list.failed && list.left() > 0) {
            Cursor protocol = list.sub(list.u8());
            String text = protocol.text();
            if (text.isEmpty()) {
                body.failed = true;
                return List.of();
            }
            protocols.add(text);
        }
        body.failed |= list.failed;
        return protocols;
    }
}
