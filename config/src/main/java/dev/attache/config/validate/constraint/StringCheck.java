package dev.attache.config.validate.constraint;

import com.google.re2j.Pattern;
import dev.attache.api.FieldRules.Format;
import dev.attache.api.FieldRules.Strings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The constraints of strings. What counts or looks for single characters works on the UTF-8 bytes;
 * a string is only made for what compares or matches text.
 */
public final class StringCheck extends ValueCheck {
    private final Strings rules;
    private final @Nullable Letters letters;
    private final boolean measured;
    private final boolean textual;

    /** Made when the first value is to be matched. */
    private volatile @Nullable Pattern pattern;

    public StringCheck(Strings rules) {
        this.rules = rules;
        this.letters = Letters.of(rules);
        this.measured =
                Length.isLimited(rules.len(), rules.minLen(), rules.maxLen())
                        || Length.isLimited(rules.lenBytes(), rules.minBytes(), rules.maxBytes());
        this.textual =
                rules.constant() != null
                        || rules.prefix() != null
                        || rules.suffix() != null
                        || rules.contains() != null
                        || rules.notContains() != null
                        || rules.pattern() != null
                        || rules.format() == Format.URI
                        || !rules.in().isEmpty()
                        || !rules.notIn().isEmpty();
    }

    @Override
    public @Nullable String span(byte[] bytes, int from, int to) {
        if (rules.ignoreEmpty() && from == to) {
            return null;
        }
        String text = textual ? new String(bytes, from, to - from, StandardCharsets.UTF_8) : "";
        String wrong = textual ? listed(text) : null;
        if (wrong == null && measured) {
            wrong = lengths(bytes, from, to);
        }
        if (wrong == null && textual) {
            wrong = parts(text);
        }
        if (wrong == null && letters != null) {
            wrong = letters.wrong(bytes, from, to);
        }
        return wrong == null && textual ? matched(text) : wrong;
    }

    private @Nullable String listed(String text) {
        String constant = rules.constant();
        if (constant != null && !constant.equals(text)) {
            return "value must equal " + constant;
        }
        if (!rules.in().isEmpty() && !rules.in().contains(text)) {
            return "value must be in list " + list(rules.in());
        }
        return rules.notIn().contains(text)
                ? "value must not be in list " + list(rules.notIn())
                : null;
    }

    private static String list(List<String> values) {
        return "[" + String.join(" ", values) + "]";
    }

    private @Nullable String lengths(byte[] bytes, int from, int to) {
        int characters = 0;
        for (int i = from; i < to; i++) {
            characters += (bytes[i] & 0xc0) == 0x80 ? 0 : 1;
        }
        String wrong =
                Length.wrong(characters, rules.len(), rules.minLen(), rules.maxLen(), "characters");
        return wrong != null
                ? wrong
                : Length.wrong(
                        to - from, rules.lenBytes(), rules.minBytes(), rules.maxBytes(), "bytes");
    }

    private @Nullable String parts(String text) {
        String prefix = rules.prefix();
        if (prefix != null && !text.startsWith(prefix)) {
            return "value does not have prefix \"" + prefix + "\"";
        }
        String suffix = rules.suffix();
        if (suffix != null && !text.endsWith(suffix)) {
            return "value does not have suffix \"" + suffix + "\"";
        }
        String part = rules.contains();
        if (part != null && !text.contains(part)) {
            return "value does not contain substring \"" + part + "\"";
        }
        String other = rules.notContains();
        return other != null && text.contains(other)
                ? "value contains substring \"" + other + "\""
                : null;
    }

    private @Nullable String matched(String text) {
        if (rules.format() == Format.URI && !isAbsolute(text)) {
            return "value must be a valid absolute URI";
        }
        String regex = rules.pattern();
        if (regex == null) {
            return null;
        }
        Pattern compiled = pattern;
        if (compiled == null) {
            compiled = Pattern.compile(regex);
            pattern = compiled;
        }
        return compiled.matcher(text).find()
                ? null
                : "value does not match regex pattern \"" + regex + "\"";
    }

    private static boolean isAbsolute(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false; // the caller reports the reason
        }
    }
}
