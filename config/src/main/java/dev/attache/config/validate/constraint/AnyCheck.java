package dev.attache.config.validate.constraint;

import dev.attache.api.FieldRules.Anys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which types an Any may hold. */
public final class AnyCheck extends ValueCheck {
    private final Anys rules;

    public AnyCheck(Anys rules) {
        this.rules = rules;
    }

    @Override
    public @Nullable String span(byte[] bytes, int from, int to) throws MalformedMessageException {
        String url = AnyContent.read(bytes, from, to).typeUrl();
        if (!rules.in().isEmpty() && !rules.in().contains(url)) {
            return "type URL must be in list " + list(rules.in());
        }
        return rules.notIn().contains(url)
                ? "type URL must not be in list " + list(rules.notIn())
                : null;
    }

    private static String list(List<String> urls) {
        return "[" + String.join(" ", urls) + "]";
    }
}
