package dev.attache.filters.stateful_session.cookie;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.filters.wire.MessageWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code envoy.Cookie}: what the cookie's value says. Pure. */
final class CookieWire {
    private static final int ADDRESS = 1;
    private static final int EXPIRES = 2;
    private static final int FIELD_SHIFT = 3;
    private static final int VARINT = 0;
    private static final int LENGTH = 2;

    private CookieWire() {}

    /**
     * The message.
     *
     * @param expires seconds since 1970; 0 = never
     */
    static byte[] cookie(String address, long expires) {
        MessageWriter out = new MessageWriter(address.length() + 16);
        out.octets(ADDRESS, address);
        out.number(EXPIRES, expires);
        return out.toByteArray();
    }

    /** The address of a message that has not expired, or else the text that stands there. */
    static @Nullable String address(byte[] bytes, long nowSeconds) {
        if (bytes.length == 0) {
            return null;
        }
        String address = "";
        long expires = 0;
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == (ADDRESS << FIELD_SHIFT | LENGTH)) {
                    address = in.readStringRequireUtf8();
                } else if (tag == (EXPIRES << FIELD_SHIFT | VARINT)) {
                    expires = in.readInt64();
                } else if (!in.skipField(tag)) {
                    throw new InvalidProtocolBufferException("a group ends that never began");
                }
            }
        } catch (IOException e) {
            // No message: cookies of older versions are the address itself.
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return address.isEmpty() || expires != 0 && nowSeconds > expires ? null : address;
    }
}
