package dev.attache.proxy.listener.filter;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads server name and ALPN from a TLS ClientHello (RFC 8446 section 4.1.2), however it is cut
 * into records. Looks only; allocates in proportion to what has been received.
 */
final class ClientHello {

    /** Handshake bytes beyond which a hello is refused. */
    static final int MAX_BYTES = 16 * 1024;

    /** The same with record headers, of which honest hellos have few. */
    private static final int MAX_RAW_BYTES = MAX_BYTES + 512;

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;

    /** What the bytes so far are. */
    enum Outcome {
        NEED_MORE,
        NOT_TLS,
        TOO_LARGE,
        FOUND
    }

    private final Outcome outcome;
    private final @Nullable String serverName;
    private final List<String> protocols;

    private ClientHello(Outcome outcome, @Nullable String serverName, List<String> protocols) {
        this.outcome = outcome;
        this.serverName = serverName;
        this.protocols = protocols;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Lower case, or null where none was sent. */
    @Nullable String serverName() {
        return serverName;
    }

    List<String> protocols() {
        return protocols;
    }

    private static ClientHello of(Outcome outcome) {
        return new ClientHello(outcome, null, List.of());
    }

    /** Reads from {@code data}'s reader index without moving it. */
    static ClientHello read(ByteBuf data) {
        ClientHello hello = scan(data);
        return hello.outcome == Outcome.NEED_MORE && data.readableBytes() > MAX_RAW_BYTES
                ? of(Outcome.TOO_LARGE)
                : hello;
    }

    private static ClientHello scan(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        byte[] hello = null;
        byte[] header = new byte[4];
        int filled = 0;
        while (at < end) {
            if (!recordFits(data, at, end)) {
                return of(Outcome.NOT_TLS);
            }
            if (end - at < RECORD_HEADER) {
                return of(Outcome.NEED_MORE);
            }
            int length = data.getUnsignedShort(at + 3);
            at += RECORD_HEADER;
            int take = Math.min(length, end - at);
            for (int i = 0; i < take; i++) {
                byte b = data.getByte(at + i);
                if (filled < 4) {
                    header[filled++] = b;
                    if (filled == 4) {
                        int size = size(header);
                        if (header[0] != CLIENT_HELLO) {
                            return of(Outcome.NOT_TLS);
                        }
                        if (size > MAX_BYTES) {
                            return of(Outcome.TOO_LARGE);
                        }
                        if (size == 0) {
                            return of(Outcome.NOT_TLS);
                        }
                        if (end - at - i <= size) {
                            // Not all here yet for sure: nothing is allocated for a promise.
                            return of(Outcome.NEED_MORE);
                        }
                        hello = new byte[size];
                    }
                } else if (hello != null) {
                    hello[filled++ - 4] = b;
                    if (filled - 4 == hello.length) {
                        return parse(hello);
                    }
                }
            }
            if (take < length) {
                return of(Outcome.NEED_MORE);
            }
            at += length;
        }
        return of(Outcome.NEED_MORE);
    }

    /** Type handshake, version 3.x, a length that records may have; judged byte by byte. */
    private static boolean recordFits(ByteBuf data, int at, int end) {
        if (data.getByte(at) != HANDSHAKE) {
            return false;
        }
        if (end - at > 1 && data.getByte(at + 1) != 3) {
            return false;
        }
        if (end - at > 2 && data.getByte(at + 2) > 4) {
            return false;
        }
        if (end - at < RECORD_HEADER) {
            return true;
        }
        int length = data.getUnsignedShort(at + 3);
        return length > 0 && length <= MAX_BYTES + 256;
    }

    private static int size(byte[] header) {
        return (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | header[3] & 0xff;
    }

    private static ClientHello parse(byte[] hello) {
        Cursor cursor = new Cursor(hello, 0, hello.length);
        int version = cursor.u16();
        if (version < 0x0301 || version > 0x0304) {
            return of(Outcome.NOT_TLS);
        }
        cursor.skip(32);
        cursor.skip(cursor.u8());
        cursor.skip(cursor.u16());
        cursor.skip(cursor.u8());
        String serverName = null;
        List<String> protocols = List.of();
        if (!cursor.failed && cursor.left() > 0) {
            Cursor extensions = cursor.sub(cursor.u16());
            while (!extensions.failed && extensions.left() > 0) {
                int type = extensions.u16();
                Cursor body = extensions.sub(extensions.u16());
                if (type == SERVER_NAME) {
                    serverName = serverName(body);
                } else if (type == ALPN) {
                    protocols = protocols(body);
                }
                if (body.failed) {
                    return of(Outcome.NOT_TLS);
                }
            }
            if (extensions.failed) {
                return of(Outcome.NOT_TLS);
            }
        }
        if (cursor.failed) {
            return of(Outcome.NOT_TLS);
        }
        return new ClientHello(Outcome.FOUND, serverName, protocols);
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
                found = text.toLowerCase(Locale.ROOT);
            }
        }
        body.failed |= names.failed;
        return found;
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

    /** Bounds-checked reading; after the first overrun everything reads as empty. */
    private static final class Cursor {

        private final byte[] bytes;
        private int at;
        private final int end;
        boolean failed;

        Cursor(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        int left() {
            return end - at;
        }

        int u8() {
            if (failed || left() < 1) {
                failed = true;
                return 0;
            }
            return bytes[at++] & 0xff;
        }

        int u16() {
            int high = u8();
            return high << 8 | u8();
        }

        void skip(int count) {
            if (failed || count > left()) {
                failed = true;
                return;
            }
            at += count;
        }

        Cursor sub(int length) {
            if (failed || length > left()) {
                failed = true;
                Cursor nothing = new Cursor(bytes, end, end);
                nothing.failed = true;
                return nothing;
            }
            Cursor part = new Cursor(bytes, at, at + length);
            at += length;
            return part;
        }

        String text() {
            return new String(bytes, at, left(), StandardCharsets.ISO_8859_1);
        }
    }
}
