package dev.attache.config.validate;

import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.BytesRules;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.KnownRegex;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.StringRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** Checks of strings and bytes. Lengths of strings count code points, those of bytes bytes. */
final class TextChecks {
    private static final String HEADER_NAME = "^:?[0-9a-zA-Z!#$%&'*+-.^_|~`]+$";
    private static final String HEADER_VALUE = "^[^\\x{00}-\\x{08}\\x{0A}-\\x{1F}\\x{7F}]*$";
    private static final String HEADER_STRING = "^[^\\x{00}\\x{0A}\\x{0D}]*$";

    private TextChecks() {}

    static ValueCheck string(StringRules rules) {
        ValueCheck check = Unchecked.NONE;
        if (rules.hasConst()) {
            check =
                    check.and(
                            text(rules.getConst()::equals, "value must equal " + rules.getConst()));
        }
        check = check.and(list(rules.getInList(), true)).and(list(rules.getNotInList(), false));
        check = check.and(lengths(rules)).and(parts(rules)).and(wellKnown(rules));
        if (rules.hasPattern()) {
            check = check.and(pattern(rules.getPattern(), rules.getPattern()));
        }
        ValueCheck all = check;
        return rules.getIgnoreEmpty()
                ? value -> ((String) value).isEmpty() ? Optional.empty() : all.reason(value)
                : all;
    }

    private static ValueCheck lengths(StringRules rules) {
        ValueCheck characters =
                length(
                        rules.hasLen()
                                ? rules.getLen()
                                : rules.hasMinLen() ? rules.getMinLen() : -1,
                        rules.hasLen()
                                ? rules.getLen()
                                : rules.hasMaxLen() ? rules.getMaxLen() : -1,
                        "characters",
                        value -> ((String) value).codePointCount(0, ((String) value).length()));
        ValueCheck bytes =
                length(
                        rules.hasLenBytes()
                                ? rules.getLenBytes()
                                : rules.hasMinBytes() ? rules.getMinBytes() : -1,
                        rules.hasLenBytes()
                                ? rules.getLenBytes()
                                : rules.hasMaxBytes() ? rules.getMaxBytes() : -1,
                        "bytes",
                        value -> ((String) value).getBytes(StandardCharsets.UTF_8).length);
        return characters.and(bytes);
    }

    private static ValueCheck length(
            long min, long max, String unit, ToIntFunction<Object> measure) {
        if (min < 0 && max < 0) {
            return Unchecked.NONE;
        }
        String reason;
        if (min == max) {
            reason = "value length must be %d %s".formatted(min, unit);
        } else if (min >= 0 && max >= 0) {
            reason =
                    "value length must be between %d and %d %s, inclusive"
                            .formatted(min, max, unit);
        } else if (min >= 0) {
            reason = "value length must be at least %d %s".formatted(min, unit);
        } else {
            reason = "value length must be at most %d %s".formatted(max, unit);
        }
        return value -> {
            int size = measure.applyAsInt(value);
            boolean fits = size >= min && (max < 0 || size <= max);
            return fits ? Optional.empty() : Optional.of(reason);
        };
    }

    private static ValueCheck parts(StringRules rules) {
        ValueCheck check = Unchecked.NONE;
        if (rules.hasPrefix()) {
            String prefix = rules.getPrefix();
            String reason = "value does not have prefix \"" + prefix + "\"";
            check = check.and(text(s -> s.startsWith(prefix), reason));
        }
        if (rules.hasSuffix()) {
            String suffix = rules.getSuffix();
            String reason = "value does not have suffix \"" + suffix + "\"";
            check = check.and(text(s -> s.endsWith(suffix), reason));
        }
        if (rules.hasContains()) {
            String part = rules.getContains();
            String reason = "value does not contain substring \"" + part + "\"";
            check = check.and(text(s -> s.contains(part), reason));
        }
        if (rules.hasNotContains()) {
            String part = rules.getNotContains();
            String reason = "value contains substring \"" + part + "\"";
            check = check.and(text(s -> !s.contains(part), reason));
        }
        return check;
    }

    private static ValueCheck wellKnown(StringRules rules) {
        if (rules.getWellKnownRegex() == KnownRegex.HTTP_HEADER_NAME) {
            boolean strict = !rules.hasStrict() || rules.getStrict();
            return header(strict ? HEADER_NAME : HEADER_STRING);
        }
        if (rules.getWellKnownRegex() == KnownRegex.HTTP_HEADER_VALUE) {
            boolean strict = !rules.hasStrict() || rules.getStrict();
            return header(strict ? HEADER_VALUE : HEADER_STRING);
        }
        if (rules.getUri()) {
            return text(s -> isUri(s, true), "value must be a valid absolute URI");
        }
        if (rules.getUriRef()) {
            return text(s -> isUri(s, false), "value must be a valid URI");
        }
        return Unchecked.NONE;
    }

    /** Envoy's build prints control characters of a pattern as C escapes. */
    private static ValueCheck header(String regex) {
        String shown =
                regex.replace("\\x{00}", "\\x00")
                        .replace("\\x{0A}", "\\n")
                        .replace("\\x{0D}", "\\r")
                        .replaceAll("\\\\x\\{(..)\\}", "\\\\x$1");
        return pattern(regex, shown);
    }

    private static boolean isUri(String text, boolean absolute) {
        try {
            return !absolute || new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false; // the caller reports the reason
        }
    }

    static ValueCheck bytes(BytesRules rules) {
        ValueCheck check =
                length(
                        rules.hasLen()
                                ? rules.getLen()
                                : rules.hasMinLen() ? rules.getMinLen() : -1,
                        rules.hasLen()
                                ? rules.getLen()
                                : rules.hasMaxLen() ? rules.getMaxLen() : -1,
                        "bytes",
                        value -> ((ByteString) value).size());
        return rules.getIgnoreEmpty()
                ? value -> ((ByteString) value).isEmpty() ? Optional.empty() : check.reason(value)
                : check;
    }

    private static ValueCheck pattern(String regex, String shown) {
        Pattern pattern = Pattern.compile(regex);
        String reason = "value does not match regex pattern \"" + shown + "\"";
        return text(s -> pattern.matcher(s).find(), reason);
    }

    private static ValueCheck list(List<String> values, boolean in) {
        if (values.isEmpty()) {
            return Unchecked.NONE;
        }
        String reason =
                "value must "
                        + (in ? "" : "not ")
                        + "be in list ["
                        + String.join(" ", values)
                        + "]";
        return text(s -> values.contains(s) == in, reason);
    }

    private static ValueCheck text(Predicate<String> accepts, String reason) {
        return value -> accepts.test((String) value) ? Optional.empty() : Optional.of(reason);
    }
}
