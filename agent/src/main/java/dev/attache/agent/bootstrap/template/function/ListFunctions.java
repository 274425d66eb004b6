package dev.attache.agent.bootstrap.template.function;

import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Functions on lists, as sprig has them; a name with {@code must} before it is the same here. */
public final class ListFunctions {

    /** Longer ones nobody writes into a bootstrap. */
    private static final int LONGEST = 1_000_000;

    private ListFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("list", TemplateFunction.of("a*", ArrayList::new));
        all.put("tuple", TemplateFunction.of("a*", ArrayList::new));
        all.put("until", TemplateFunction.of("i", given -> until(Arguments.whole(given, 0))));
        all.put(
                "untilStep",
                TemplateFunction.of(
                        "iii",
                        given ->
                                steps(
                                        Arguments.whole(given, 0),
                                        Arguments.whole(given, 1),
                                        Arguments.whole(given, 2))));
        all.put("seq", TemplateFunction.of("i*", ListFunctions::sequence));
        all.put("join", TemplateFunction.of("sa", ListFunctions::join));
        all.put(
                "toStrings",
                TemplateFunction.of("a", given -> new TextList(texts(given.getFirst()))));
        all.put("sortAlpha", TemplateFunction.of("a", given -> sorted(given.getFirst())));
        all.put("concat", TemplateFunction.of("a*", ListFunctions::concat));
        parts(all);
        changes(all);
        return all;
    }

    private static void parts(Map<String, TemplateFunction> all) {
        both(all, "slice", "aa*", ListFunctions::slice);
        both(all, "first", "a", given -> end(of(given, "first"), true));
        both(all, "last", "a", given -> end(of(given, "last"), false));
        both(all, "rest", "a", given -> part(of(given, "rest"), 1, 0));
        both(all, "initial", "a", given -> part(of(given, "initial"), 0, 1));
        both(
                all,
                "has",
                "aa",
                given ->
                        !GoText.isNil(given.get(1))
                                && Arguments.list(given, 1, "Cannot find has on type")
                                        .contains(given.getFirst()));
        both(all, "chunk", "ia", ListFunctions::chunk);
    }

    private static void changes(Map<String, TemplateFunction> all) {
        both(
                all,
                "uniq",
                "a",
                given -> new ArrayList<Object>(new LinkedHashSet<>(of(given, "uniq"))));
        both(all, "reverse", "a", given -> reversed(of(given, "reverse")));
        both(all, "append", "aa", ListFunctions::append);
        both(all, "push", "aa", ListFunctions::append);
        both(
                all,
                "prepend",
                "aa",
                given -> {
                    List<Object> copy = new ArrayList<>(List.of(given.get(1)));
                    copy.addAll(Arguments.list(given, 0, "Cannot prepend on type"));
                    return copy;
                });
        both(
                all,
                "without",
                "aa*",
                given -> {
                    List<Object> copy = new ArrayList<>(of(given, "without"));
                    copy.removeAll(given.subList(1, given.size()));
                    return copy;
                });
        both(
                all,
                "compact",
                "a",
                given ->
                        Arguments.list(given, 0, "Cannot compact on type").stream()
                                .filter(Builtins::truth)
                                .toList());
    }

    private static void both(
            Map<String, TemplateFunction> all,
            String name,
            String signature,
            TemplateFunction.Body body) {
        TemplateFunction function = TemplateFunction.of(signature, body);
        all.put(name, function);
        all.put("must" + Character.toUpperCase(name.charAt(0)) + name.substring(1), function);
    }

    private static List<Object> of(List<Object> given, String name) {
        return Arguments.list(given, 0, "Cannot find " + name + " on type");
    }

    private static Object append(List<Object> given) {
        List<Object> copy = new ArrayList<>(Arguments.list(given, 0, "Cannot push on type"));
        copy.add(given.get(1));
        return copy;
    }

    private static Object reversed(List<Object> list) {
        List<Object> copy = new ArrayList<>(list);
        Collections.reverse(copy);
        return copy;
    }

    private static Object concat(List<Object> given) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (!GoText.isNil(given.get(i)) && !(given.get(i) instanceof List)) {
                throw new IllegalArgumentException(
                        "Cannot concat type " + GoText.kind(given.get(i)) + " as list");
            }
            all.addAll(Arguments.list(given, i, ""));
        }
        return all;
    }

    /** What something is as texts: one that is no list is the only one. */
    private static List<String> texts(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().filter(item -> !GoText.isNil(item)).map(GoText::plain).toList();
        }
        return GoText.isNil(value) ? List.of() : List.of(GoText.plain(value));
    }

    private static Object sorted(Object value) {
        List<String> all = value instanceof List ? texts(value) : List.of(GoText.plain(value));
        return new TextList(all.stream().sorted().toList());
    }

    private static Object join(List<Object> given) {
        return String.join(Arguments.text(given, 0), texts(given.get(1)));
    }

    /** sprig's, which stands before Go's own: of lists only. */
    private static Object slice(List<Object> given) {
        List<Object> list = Arguments.list(given, 0, "list should be type of slice or array but");
        if (list.isEmpty()) {
            return Json.NULL;
        }
        long from = given.size() > 1 ? NumberFunctions.whole(given.get(1)) : 0;
        long to = given.size() > 2 ? NumberFunctions.whole(given.get(2)) : list.size();
        if (from < 0 || to < from || to > list.size()) {
            throw new IllegalArgumentException("reflect.Value.Slice: slice index out of bounds");
        }
        return List.copyOf(list.subList((int) from, (int) to));
    }

    private static Object end(List<Object> list, boolean first) {
        return list.isEmpty() ? Json.NULL : first ? list.getFirst() : list.getLast();
    }

    private static Object part(List<Object> list, int from, int less) {
        return List.copyOf(
                list.subList(Math.min(from, list.size()), Math.max(0, list.size() - less)));
    }

    private static Object chunk(List<Object> given) {
        int size = Arguments.whole(given, 0);
        List<Object> list = Arguments.list(given, 1, "Cannot chunk type");
        if (size <= 0) {
            throw new IllegalArgumentException("chunks of no items");
        }
        List<Object> chunks = new ArrayList<>();
        for (int at = 0; at < list.size(); at += size) {
            chunks.add(List.copyOf(list.subList(at, Math.min(at + size, list.size()))));
        }
        return chunks;
    }

    private static List<Object> until(int count) {
        return steps(0, count, count < 0 ? -1 : 1);
    }

    private static List<Object> steps(int start, int stop, int step) {
        List<Object> all = new ArrayList<>();
        for (long i = start;
                stop < start ? step < 0 && i > stop : step > 0 && i < stop;
                i += step) {
            if (all.size() >= LONGEST) {
                throw new IllegalArgumentException("more than " + LONGEST + " numbers");
            }
            all.add(i);
        }
        return all;
    }

    private static Object sequence(List<Object> given) {
        if (given.isEmpty() || given.size() > 3) {
            return "";
        }
        int start = given.size() == 1 ? 1 : Arguments.whole(given, 0);
        int end = Arguments.whole(given, given.size() - 1);
        int by = end < start ? -1 : 1;
        int step = given.size() == 3 ? Arguments.whole(given, 1) : by;
        if (given.size() == 3 && end < start && step > 0) {
            return "";
        }
        return String.join(" ", steps(start, end + by, step).stream().map(GoText::plain).toList());
    }
}
