package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.GoQuotes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/** Functions on text, as sprig has them: what they work on is the last argument. */
public final class TextFunctions {

    private TextFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        change(all, "trim", String::strip);
        change(all, "upper", text -> text.toUpperCase(Locale.ROOT));
        change(all, "lower", text -> text.toLowerCase(Locale.ROOT));
        change(all, "nospace", text -> text.replaceAll("\\s", ""));
        change(all, "title", TextFunctions::title);
        change(
                all,
                "b64enc",
                text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        change(all, "b64dec", TextFunctions::fromBase64);
        test(all, "contains", (part, text) -> text.contains(part));
        test(all, "hasPrefix", (part, text) -> text.startsWith(part));
        test(all, "hasSuffix", (part, text) -> text.endsWith(part));
        by(
                all,
                "trimPrefix",
                (part, text) -> text.startsWith(part) ? text.substring(part.length()) : text);
        by(all, "trimSuffix", TextFunctions::withoutSuffix);
        by(all, "trimAll", TextFunctions::trimAll);
        by(all, "trimall", TextFunctions::trimAll);
        by(all, "splitList", (part, text) -> new TextList(pieces(part, text, -1)));
        by(all, "split", (part, text) -> numbered(pieces(part, text, -1)));
        change(all, "swapcase", TextFunctions::swapped);
        change(all, "sha1sum", text -> hash("SHA-1", text));
        change(all, "sha256sum", text -> hash("SHA-256", text));
        change(all, "sha512sum", text -> hash("SHA-512", text));
        all.put(
                "splitn",
                TemplateFunction.of(
                        "sis",
                        arguments ->
                                numbered(
                                        pieces(
                                                Arguments.text(arguments, 0),
                                                Arguments.text(arguments, 2),
                                                Arguments.whole(arguments, 1)))));
        all.put(
                "plural",
                TemplateFunction.of(
                        "ssi", arguments -> arguments.get(arguments.get(2).equals(1L) ? 0 : 1)));
        all.put(
                "quote",
                TemplateFunction.of(
                        "a*",
                        arguments ->
                                each(arguments, value -> GoQuotes.quote(GoText.plain(value)))));
        all.put(
                "squote",
                TemplateFunction.of(
                        "a*",
                        arguments -> each(arguments, value -> "'" + GoText.plain(value) + "'")));
        all.put("cat", TemplateFunction.of("a*", arguments -> each(arguments, GoText::plain)));
        all.put(
                "toString",
                TemplateFunction.of("a", arguments -> GoText.plain(Arguments.one(arguments))));
        all.put(
                "replace",
                TemplateFunction.of(
                        "sss",
                        arguments ->
                                Arguments.text(arguments, 2)
                                        .replace(
                                                Arguments.text(arguments, 0),
                                                Arguments.text(arguments, 1))));
        all.put(
                "trunc",
                TemplateFunction.of(
                        "is",
                        arguments ->
                                truncate(
                                        Arguments.whole(arguments, 0),
                                        Arguments.text(arguments, 1))));
        all.put(
                "substr",
                TemplateFunction.of(
                        "iis",
                        arguments -> {
                            String text = Arguments.text(arguments, 2);
                            int from = Math.max(0, Arguments.whole(arguments, 0));
                            int to = Arguments.whole(arguments, 1);
                            return text.substring(
                                    from, to < 0 || to > text.length() ? text.length() : to);
                        }));
        all.put(
                "repeat",
                TemplateFunction.of(
                        "is",
                        arguments ->
                                Arguments.text(arguments, 1)
                                        .repeat(limited(Arguments.whole(arguments, 0)))));
        all.put(
                "indent",
                TemplateFunction.of(
                        "is",
                        arguments ->
                                indent(
                                        Arguments.whole(arguments, 0),
                                        Arguments.text(arguments, 1))));
        all.put(
                "nindent",
                TemplateFunction.of(
                        "is",
                        arguments ->
                                "\n"
                                        + indent(
                                                Arguments.whole(arguments, 0),
                                                Arguments.text(arguments, 1))));
        return all;
    }

    private static int limited(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("strings: negative Repeat count");
        }
        if (count > 1_000_000) {
            throw new IllegalArgumentException("count is out of range: " + count);
        }
        return count;
    }

    private static void change(
            Map<String, TemplateFunction> all, String name, UnaryOperator<String> change) {
        all.put(
                name,
                TemplateFunction.of("s", arguments -> change.apply(Arguments.text(arguments, 0))));
    }

    private static void test(
            Map<String, TemplateFunction> all, String name, BiPredicate<String, String> test) {
        all.put(
                name,
                TemplateFunction.of(
                        "ss",
                        arguments ->
                                test.test(
                                        Arguments.text(arguments, 0),
                                        Arguments.text(arguments, 1))));
    }

    private static void by(
            Map<String, TemplateFunction> all,
            String name,
            BiFunction<String, String, Object> change) {
        all.put(
                name,
                TemplateFunction.of(
                        "ss",
                        arguments ->
                                change.apply(
                                        Arguments.text(arguments, 0),
                                        Arguments.text(arguments, 1))));
    }

    private static String each(
            List<Object> arguments, java.util.function.Function<Object, String> print) {
        return String.join(
                " ",
                arguments.stream()
                        .filter(value -> value != dev.attache.agent.document.Json.NULL)
                        .map(print)
                        .toList());
    }

    private static Object withoutSuffix(String part, String text) {
        return text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
    }

    private static Object trimAll(String characters, String text) {
        int from = 0;
        int to = text.length();
        while (from < to && characters.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && characters.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Parts between a text; of the empty one, each character. */
    private static List<String> pieces(String between, String text, int most) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (most < 0 || parts.size() < most - 1) {
            int next =
                    !between.isEmpty()
                            ? text.indexOf(between, at)
                            : at < text.length() ? text.offsetByCodePoints(at, 1) : -1;
            if (next < 0 || (between.isEmpty() && next >= text.length())) {
                break;
            }
            parts.add(text.substring(at, next));
            at = next + between.length();
        }
        boolean nothing = most == 0 || (between.isEmpty() && text.isEmpty());
        if (!nothing) {
            parts.add(text.substring(at));
        }
        return parts;
    }

    private static TextMap numbered(List<String> parts) {
        Map<String, Object> map = new TreeMap<>();
        parts.forEach(part -> map.put("_" + map.size(), part));
        return new TextMap(map);
    }

    private static String fromBase64(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "illegal base64 data: " + e.getMessage(); // as sprig, which gives the reason
        }
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance(algorithm)
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has it", e);
        }
    }

    private static String swapped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c ->
                        out.appendCodePoint(
                                Character.isUpperCase(c)
                                        ? Character.toLowerCase(c)
                                        : Character.toUpperCase(c)));
        return out.toString();
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        int before = ' ';
        for (int c : text.codePoints().toArray()) {
            boolean within = Character.isLetterOrDigit(before) || before == '_';
            boolean apart = !within && (before < 0x80 || Character.isWhitespace(before));
            out.appendCodePoint(apart ? Character.toTitleCase(c) : c);
            before = c;
        }
        return out.toString();
    }

    private static String truncate(int length, String text) {
        if (length < 0 && text.length() + length > 0) {
            return text.substring(text.length() + length);
        }
        return length >= 0 && text.length() > length ? text.substring(0, length) : text;
    }

    private static String indent(int spaces, String text) {
        String pad = " ".repeat(limited(spaces));
        return pad + text.replace("\n", "\n" + pad);
    }
}
