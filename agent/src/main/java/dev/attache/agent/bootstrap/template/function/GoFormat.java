package dev.attache.agent.bootstrap.template.function;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code fmt.Sprintf} of Go. One use each. */
final class GoFormat {

    /** Wider and more precise than that nobody prints, and Go does not read it. */
    private static final int LARGEST = 1_000_000;

    private final String format;
    private final List<Object> values;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;
    private boolean reordered;
    private boolean good;
    private boolean afterIndex;

    private GoFormat(String format, List<Object> values) {
        this.format = format;
        this.values = values;
    }

    static String format(String format, List<Object> values) {
        return new GoFormat(format, values).all();
    }

    private String all() {
        while (at < format.length()) {
            int next = format.indexOf('%', at);
            int end = next < 0 ? format.length() : next;
            out.append(format, at, end);
            at = end + 1;
            if (next >= 0 && !verb()) {
                break;
            }
        }
        if (!reordered && used < values.size()) {
            extra();
        }
        return out.toString();
    }

    private void extra() {
        out.append("%!(EXTRA ");
        for (int i = used; i < values.size(); i++) {
            Object value = values.get(i);
            out.append(i > used ? ", " : "");
            out.append(
                    GoText.isNil(value) ? "<nil>" : GoText.type(value) + "=" + GoText.plain(value));
        }
        out.append(')');
    }

    /** False where the format ends before its verb. */
    private boolean verb() {
        good = true;
        afterIndex = false;
        FormatFlags flags = new FormatFlags();
        while (at < format.length() && flags.accept(format.charAt(at))) {
            at++;
        }
        index();
        width(flags);
        precision(flags);
        if (!afterIndex) {
            index();
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return false;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        if (verb == '%') {
            out.append('%');
        } else if (!good) {
            out.append("%!").appendCodePoint(verb).append("(BADINDEX)");
        } else if (used >= values.size()) {
            out.append("%!").appendCodePoint(verb).append("(MISSING)");
        } else {
            flags.forVerb(verb);
            new FormattedValue(out, flags).print(values.get(used++), verb);
        }
        return true;
    }

    private void width(FormatFlags flags) {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            Long width = argument();
            if (width == null) {
                out.append("%!(BADWIDTH)");
            } else {
                flags.width(width.intValue());
            }
            afterIndex = false;
            return;
        }
        int width = number();
        if (width >= 0) {
            flags.width(width);
            good &= !afterIndex;
        }
    }

    private void precision(FormatFlags flags) {
        if (at + 1 >= format.length() || format.charAt(at) != '.') {
            return;
        }
        at++;
        good &= !afterIndex;
        index();
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            Long precision = argument();
            if (precision == null || precision < 0) {
                out.append("%!(BADPREC)");
            } else {
                flags.precision(precision.intValue());
            }
            afterIndex = false;
        } else {
            flags.precision(Math.max(0, number()));
        }
    }

    private @Nullable Long argument() {
        if (used >= values.size()) {
            return null;
        }
        Object value = values.get(used++);
        return value instanceof Long number && Math.abs(number) <= LARGEST ? number : null;
    }

    /** A number that is written here, or -1. */
    private int number() {
        int start = at;
        int value = 0;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            value = value * 10 + format.charAt(at) - '0';
            if (value > LARGEST) {
                return -1;
            }
            at++;
        }
        return at == start ? -1 : value;
    }

    /** {@code [3]}: which value comes next. */
    private void index() {
        if (at >= format.length() || format.charAt(at) != '[') {
            afterIndex = false;
            return;
        }
        reordered = true;
        int close = format.indexOf(']', at + 1);
        if (close < 0) {
            good = false;
            at++;
            afterIndex = false;
            return;
        }
        String written = format.substring(at + 1, close);
        at = close + 1;
        int index = written.matches("[0-9]{1,6}") ? Integer.parseInt(written) - 1 : -1;
        boolean there = index >= 0 && index < values.size();
        good &= there;
        used = there ? index : used;
        afterIndex = there;
    }
}
