package dev.attache.config.validate.constraint;

import com.google.protobuf.ByteString;
import dev.attache.api.FieldRules.Octets;
import org.jspecify.annotations.Nullable;

/** The constraints of bytes. */
public final class OctetsCheck extends ValueCheck {
    private final Octets rules;

    public OctetsCheck(Octets rules) {
        this.rules = rules;
    }

    @Override
    public @Nullable String span(byte[] bytes, int from, int to) {
        if (rules.ignoreEmpty() && from == to) {
            return null;
        }
        ByteString constant = rules.constant();
        if (constant != null && !constant.equals(ByteString.copyFrom(bytes, from, to - from))) {
            return "value must equal " + constant.toStringUtf8();
        }
        return Length.wrong(to - from, rules.len(), rules.minLen(), rules.maxLen(), "bytes");
    }
}
