package dev.attache.config.validate.constraint;

import com.google.protobuf.WireFormat;
import java.nio.charset.StandardCharsets;

/**
 * What an Any holds, as its bytes say.
 *
 * @param typeUrl as it is written
 * @param from where the content begins in the bytes of the Any
 * @param to where it ends
 */
public record AnyContent(String typeUrl, int from, int to) {
    private static final int URL_TAG = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int VALUE_TAG = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    public static AnyContent read(byte[] bytes, int start, int end)
            throws MalformedMessageException {
        WireReader in = new WireReader();
        in.open(bytes, start, end);
        String url = "";
        int from = start;
        int to = start;
        while (in.hasMore()) {
            int tag = in.tag();
            in.skip(tag);
            if (tag == URL_TAG) {
                int length = in.spanEnd - in.spanStart;
                url = new String(bytes, in.spanStart, length, StandardCharsets.UTF_8);
            } else if (tag == VALUE_TAG) {
                from = in.spanStart;
                to = in.spanEnd;
            }
        }
        return new AnyContent(url, from, to);
    }

    /** The full name of the content's message. */
    public String typeName() {
        return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    }
}
