package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.GoQuotes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One value by one verb of a format. */
final class FormattedValue {

    private final StringBuilder out;
    private final FormatFlags flags;

    FormattedValue(StringBuilder out, FormatFlags flags) {
        this.out = out;
        this.flags = flags;
    }

    void print(Object value, int verb) {
        if (verb == 'T') {
            text(GoText.type(value), 's');
            return;
        }
        if (GoText.isNil(value)) {
            if (verb == 'v') {
                out.append(flags.padded("<nil>"));
            } else {
                wrong(value, verb);
            }
            return;
        }
        within(value, verb);
    }

    private void within(Object value, int verb) {
        switch (value) {
            case Boolean truth -> truth(truth, verb);
            case Long number -> whole(number, verb);
            case Double number -> real(number, verb);
            case String text -> text(text, verb);
            case List<?> list -> list(list, verb);
            case Map<?, ?> map -> map(map, verb);
            case GoObject object -> within(object.json(), verb);
            default -> out.append(flags.syntax() ? "interface {}(nil)" : "<nil>");
        }
    }

    private void list(List<?> list, int verb) {
        out.append(flags.syntax() ? GoText.type(list) + "{" : "[");
        String between = "";
        for (Object item : list) {
            out.append(between);
            within(item, verb);
            between = flags.syntax() ? ", " : " ";
        }
        out.append(flags.syntax() ? "}" : "]");
    }

    private void map(Map<?, ?> map, int verb) {
        out.append(flags.syntax() ? GoText.type(map) + "{" : "map[");
        String between = "";
        for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
            out.append(between);
            within(entry.getKey(), verb);
            out.append(':');
            within(entry.getValue(), verb);
            between = flags.syntax() ? ", " : " ";
        }
        out.append(flags.syntax() ? "}" : "]");
    }

    private void wrong(Object value, int verb) {
        out.append("%!").appendCodePoint(verb).append('(');
        if (GoText.isNil(value)) {
            out.append("<nil>");
        } else {
            out.append(GoText.type(value)).append('=');
            within(value, 'v');
        }
        out.append(')');
    }

    private void truth(Boolean truth, int verb) {
        if (verb == 't' || verb == 'v') {
            out.append(flags.padded(truth.toString()));
        } else {
            wrong(truth, verb);
        }
    }

    private void text(String text, int verb) {
        switch (verb) {
            case 'v' -> {
                if (flags.syntax()) {
                    quoted(text);
                } else {
                    out.append(flags.padded(flags.cut(text)));
                }
            }
            case 's' -> out.append(flags.padded(flags.cut(text)));
            case 'q' -> quoted(text);
            case 'x', 'X' -> octets(text, verb);
            default -> wrong(text, verb);
        }
    }

    private void quoted(String text) {
        String cut = flags.cut(text);
        boolean back =
                flags.sharp()
                        && cut.chars()
                                .noneMatch(c -> c == '`' || c == 0x7f || (c < ' ' && c != '\t'));
        out.append(flags.padded(back ? "`" + cut + "`" : GoQuotes.quote(cut, '"', flags.plus())));
    }

    private void octets(String text, int verb) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        int count =
                flags.precision() < 0 ? octets.length : Math.min(octets.length, flags.precision());
        String prefix = flags.sharp() && count > 0 ? "0x" : "";
        HexFormat form =
                HexFormat.ofDelimiter(flags.space() ? " " : "")
                        .withPrefix(flags.space() ? prefix : "");
        String hex = form.formatHex(octets, 0, count);
        hex = flags.space() ? hex : prefix + hex;
        out.append(flags.padded(verb == 'X' ? hex.toUpperCase(Locale.ROOT) : hex));
    }

    private void whole(long number, int verb) {
        switch (verb) {
            case 'v', 'd' -> digits(number, 10, verb);
            case 'b' -> digits(number, 2, verb);
            case 'o', 'O' -> digits(number, 8, verb);
            case 'x', 'X' -> digits(number, 16, verb);
            case 'c' -> out.append(flags.padded(character(number)));
            case 'q' ->
                    out.append(flags.padded(GoQuotes.quote(character(number), '\'', flags.plus())));
            case 'U' -> unicode(number);
            default -> wrong(number, verb);
        }
    }

    private static String character(long code) {
        boolean known =
                code >= 0
                        && code <= Character.MAX_CODE_POINT
                        && (code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE);
        return Character.toString(known ? (int) code : 0xfffd);
    }

    private void unicode(long code) {
        int digits = Math.max(4, flags.precision());
        StringBuilder shown = new StringBuilder(Long.toHexString(code).toUpperCase(Locale.ROOT));
        while (shown.length() < digits) {
            shown.insert(0, '0');
        }
        shown.insert(0, "U+");
        if (flags.sharp()
                && code >= 0
                && code <= Character.MAX_CODE_POINT
                && GoQuotes.isPrintable((int) code)) {
            shown.append(" '").appendCodePoint((int) code).append('\'');
        }
        out.append(flags.blanks(shown.toString()));
    }

    private void digits(long number, int radix, int verb) {
        if (flags.precision() == 0 && number == 0) {
            out.append(flags.blanks(""));
            return;
        }
        String digits = Long.toString(number, radix).replace("-", "");
        int wanted =
                flags.precision() >= 0
                        ? flags.precision()
                        : flags.zeros() - (number < 0 || flags.plus() || flags.space() ? 1 : 0);
        digits = "0".repeat(Math.max(0, wanted - digits.length())) + digits;
        if (flags.sharp()) {
            digits =
                    switch (radix) {
                        case 2 -> "0b" + digits;
                        case 8 -> digits.startsWith("0") ? digits : "0" + digits;
                        case 16 -> "0x" + digits;
                        default -> digits;
                    };
        }
        digits = verb == 'O' ? "0o" + digits : verb == 'X' ? upper(digits) : digits;
        out.append(flags.blanks(flags.signed(number < 0 ? "-" + digits : digits)));
    }

    private static String upper(String digits) {
        return digits.toUpperCase(Locale.ROOT);
    }

    private void real(double number, int verb) {
        if ("vgGeEfF".indexOf(verb) < 0) {
            wrong(number, verb);
            return;
        }
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            String name = Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
            out.append(flags.blanks(name));
            return;
        }
        char form = Character.toLowerCase(verb == 'v' ? 'g' : (char) verb);
        int precision = flags.precision() < 0 && form != 'g' ? 6 : flags.precision();
        String digits =
                precision < 0
                        ? GoText.shortest(number, form)
                        : GoText.rounded(number, form, precision);
        digits = flags.signed(verb == 'G' || verb == 'E' ? upper(digits) : digits);
        int zeros = flags.zeros() - digits.length();
        if (zeros > 0) {
            int sign = Character.isDigit(digits.charAt(0)) ? 0 : 1;
            digits = digits.substring(0, sign) + "0".repeat(zeros) + digits.substring(sign);
        }
        out.append(flags.blanks(digits));
    }
}
