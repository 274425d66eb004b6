package dev.attache.agent.bootstrap.template.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Functions by regular expressions, as sprig has them; {@code must…} is the same here. */
public final class PatternFunctions {

    private PatternFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        both(all, "Match", "ss", given -> matcher(given, 1).find());
        both(
                all,
                "Find",
                "ss",
                given -> {
                    Matcher matcher = matcher(given, 1);
                    return matcher.find() ? matcher.group() : "";
                });
        both(all, "FindAll", "ssi", PatternFunctions::findAll);
        both(all, "Split", "ssi", PatternFunctions::split);
        both(
                all,
                "ReplaceAll",
                "sss",
                given -> matcher(given, 1).replaceAll(expanded(Arguments.text(given, 2))));
        both(
                all,
                "ReplaceAllLiteral",
                "sss",
                given ->
                        matcher(given, 1)
                                .replaceAll(Matcher.quoteReplacement(Arguments.text(given, 2))));
        all.put(
                "regexQuoteMeta",
                TemplateFunction.of("s", given -> Pattern.quote(Arguments.text(given, 0))));
        return all;
    }

    private static void both(
            Map<String, TemplateFunction> all,
            String name,
            String signature,
            TemplateFunction.Body body) {
        TemplateFunction function = TemplateFunction.of(signature, body);
        all.put("regex" + name, function);
        all.put("mustRegex" + name, function);
    }

    private static Matcher matcher(List<Object> given, int text) {
        String regex = Arguments.text(given, 0);
        try {
            return Pattern.compile(regex).matcher(Arguments.text(given, text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "regexp: Compile(`" + regex + "`): " + e.getMessage(), e);
        }
    }

    private static Object findAll(List<Object> given) {
        int most = Arguments.whole(given, 2);
        List<String> found = new ArrayList<>();
        Matcher matcher = matcher(given, 1);
        while (found.size() != most && matcher.find()) {
            found.add(matcher.group());
        }
        return new TextList(found);
    }

    private static Object split(List<Object> given) {
        int most = Arguments.whole(given, 2);
        String text = Arguments.text(given, 1);
        List<String> parts = new ArrayList<>();
        Matcher matcher = matcher(given, 1);
        int at = 0;
        while (most != 0 && parts.size() != most - 1 && matcher.find()) {
            if (matcher.end() > matcher.start()
                    || (matcher.start() > at && matcher.start() < text.length())) {
                parts.add(text.substring(at, matcher.start()));
                at = matcher.end();
            }
        }
        if (most != 0) {
            parts.add(text.substring(at));
        }
        return new TextList(parts);
    }

    /** Go's {@code ${1}} and {@code $1} as RE2/J writes them. */
    private static String expanded(String replacement) {
        return replacement
                .replace("\\", "\\\\")
                .replace("$$", "\\$")
                .replaceAll("\\$\\{([0-9]+)\\}", "\\$$1");
    }
}
