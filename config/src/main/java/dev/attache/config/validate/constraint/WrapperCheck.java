package dev.attache.config.validate.constraint;

import com.google.protobuf.WireFormat;
import dev.attache.api.FieldType;
import org.jspecify.annotations.Nullable;

/** Rules of a number, a string, or bytes on a wrapper such as UInt32Value: of what it wraps. */
public final class WrapperCheck extends ValueCheck {
    private static final int VALUE = 1;

    private final FieldType wrapped;
    private final ValueCheck inner;

    public WrapperCheck(FieldType wrapped, ValueCheck inner) {
        this.wrapped = wrapped;
        this.inner = inner;
    }

    @Override
    public @Nullable String span(byte[] bytes, int from, int to) throws MalformedMessageException {
        WireReader in = new WireReader();
        in.open(bytes, from, to);
        int expected = VALUE << 3 | wrapped.kind().wireType();
        String wrong = null;
        boolean set = false;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == expected) {
                wrong = Scalars.check(inner, wrapped.kind(), in);
                set = true;
            } else {
                in.skip(tag);
            }
        }
        return set ? wrong : Scalars.unset(inner, wrapped.kind());
    }

    /** Whether the bytes are a BoolValue that is true. */
    public static boolean isTrue(byte[] bytes, int from, int to) throws MalformedMessageException {
        WireReader in = new WireReader();
        in.open(bytes, from, to);
        boolean on = false;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == (VALUE << 3 | WireFormat.WIRETYPE_VARINT)) {
                on = in.varint() != 0;
            } else {
                in.skip(tag);
            }
        }
        return on;
    }
}
