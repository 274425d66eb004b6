package dev.attache.agent.bootstrap.template;

import static dev.attache.agent.bootstrap.template.Builtins.text;

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
final class TextFunctions {

    private TextFunctions() {}

    static Map<String, TemplateFunction> functions() {
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
        all.put("quote", arguments -> each(arguments, value -> GoText.quote(GoText.plain(value))));
        all.put("squote", arguments -> each(arguments, value -> "'" + GoText.plain(value) + "'"));
        all.put("cat", arguments -> each(arguments, GoText::plain));
        all.put("toString", arguments -> GoText.plain(Builtins.one(arguments)));
        all.put(
                "replace",
                arguments -> text(arguments, 2).replace(text(arguments, 0), text(arguments, 1)));
        all.put(
                "regexReplaceAll",
                arguments ->
                        Pattern.compile(text(arguments, 0))
                                .matcher(text(arguments, 1))
                                .replaceAll(
                                        text(arguments, 2).replaceAll("\\$\\{(\\w+)\\}", "\\$$1")));
        all.put("trunc", arguments -> truncate(whole(arguments, 0), text(arguments, 1)));
        all.put(
                "substr",
                arguments -> {
                    String text = text(arguments, 2);
                    int from = Math.max(0, whole(arguments, 0));
                    int to = whole(arguments, 1);
                    return text.substring(from, to < 0 || to > text.length() ? text.length() : to);
                });
        all.put("repeat", arguments -> text(arguments, 1).repeat(limited(whole(arguments, 0))));
        all.put("indent", arguments -> indent(whole(arguments, 0), text(arguments, 1)));
        all.put("nindent", arguments -> "\n" + indent(whole(arguments, 0), text(arguments, 1)));
        return all;
    }

    static int whole(List<Object> arguments, int at) {
        if (at < arguments.size() && arguments.get(at) instanceof Long number) {
            return Math.toIntExact(number);
        }
        throw new IllegalArgumentException("wrong type for value; expected int");
    }

    private static int limited(int count) {
        if (count < 0 || count > 1_000_000) {
            throw new IllegalArgumentException("count is out of range: " + count);
        }
        return count;
    }

    private static void change(
            Map<String, TemplateFunction> all, String name, UnaryOperator<String> change) {
        all.put(name, arguments -> change.apply(text(arguments, 0)));
    }

    private static void test(
            Map<String, TemplateFunction> all, String name, BiPredicate<String, String> test) {
        all.put(name, arguments -> test.test(text(arguments, 0), text(arguments, 1)));
    }

    private static void by(
            Map<String, TemplateFunction> all,
            String name,
            BiFunction<String, String, Object> change) {
        all.put(name, arguments -> change.apply(text(arguments, 0), text(arguments, 1)));
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
