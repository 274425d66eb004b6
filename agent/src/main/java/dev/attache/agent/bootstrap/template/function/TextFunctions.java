package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.GoQuotes;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        change(
                all,
                "b64dec",
                text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        change(all, "regexQuoteMeta", Pattern::quote);
        change(all, "base", text -> text.substring(text.lastIndexOf('/') + 1));
        change(
                all,
                "dir",
                text -> text.indexOf('/') < 0 ? "." : text.substring(0, text.lastIndexOf('/')));
        test(all, "contains", (part, text) -> text.contains(part));
        test(all, "hasPrefix", (part, text) -> text.startsWith(part));
        test(all, "hasSuffix", (part, text) -> text.endsWith(part));
        test(all, "regexMatch", (regex, text) -> Pattern.compile(regex).matcher(text).find());
        by(
                all,
                "trimPrefix",
                (part, text) -> text.startsWith(part) ? text.substring(part.length()) : text);
        by(all, "trimSuffix", TextFunctions::withoutSuffix);
        by(all, "trimAll", TextFunctions::trimAll);
        by(
                all,
                "splitList",
                (part, text) ->
                        List.of((Object[]) text.split(java.util.regex.Pattern.quote(part), -1)));
        by(all, "split", TextFunctions::split);
        by(all, "regexFind", TextFunctions::find);
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
                "regexReplaceAll",
                TemplateFunction.of(
                        "sss",
                        arguments ->
                                Pattern.compile(Arguments.text(arguments, 0))
                                        .matcher(Arguments.text(arguments, 1))
                                        .replaceAll(
                                                Arguments.text(arguments, 2)
                                                        .replaceAll("\\$\\{(\\w+)\\}", "\\$$1"))));
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
        if (count < 0 || count > 1_000_000) {
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

    private static Object split(String part, String text) {
        Map<String, Object> parts = new java.util.TreeMap<>();
        for (String piece : text.split(java.util.regex.Pattern.quote(part), -1)) {
            parts.put("_" + parts.size(), piece);
        }
        return parts;
    }

    private static Object find(String regex, String text) {
        com.google.re2j.Matcher matcher = Pattern.compile(regex).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        char before = ' ';
        for (char c : text.toCharArray()) {
            out.append(Character.isWhitespace(before) ? Character.toUpperCase(c) : c);
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
