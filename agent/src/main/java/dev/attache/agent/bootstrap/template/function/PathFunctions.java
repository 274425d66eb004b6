package dev.attache.agent.bootstrap.template.function;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Functions on paths, as sprig has them: Go's packages {@code path} and {@code path/filepath}. */
public final class PathFunctions {

    private PathFunctions() {}

    /** By name. */
    public static Map<String, TemplateFunction> functions() {
        Map<String, TemplateFunction> all = new HashMap<>();
        both(all, "base", PathFunctions::base);
        both(all, "dir", PathFunctions::directory);
        both(all, "clean", PathFunctions::clean);
        both(all, "ext", PathFunctions::extension);
        both(all, "isAbs", path -> path.startsWith("/"));
        return all;
    }

    private static void both(
            Map<String, TemplateFunction> all, String name, Function<String, Object> body) {
        TemplateFunction function =
                TemplateFunction.of("s", given -> body.apply(Arguments.text(given, 0)));
        all.put(name, function);
        all.put("os" + Character.toUpperCase(name.charAt(0)) + name.substring(1), function);
    }

    private static String base(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        String stripped = path.substring(0, end);
        return stripped.isEmpty() ? "/" : stripped.substring(stripped.lastIndexOf('/') + 1);
    }

    private static String directory(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }

    private static String extension(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }

    private static String clean(String path) {
        boolean rooted = path.startsWith("/");
        Deque<String> kept = new ArrayDeque<>();
        for (String part : path.split("/")) {
            boolean up = part.equals("..");
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (up && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!up || !rooted) {
                kept.addLast(part);
            }
        }
        String joined = (rooted ? "/" : "") + String.join("/", kept);
        return joined.isEmpty() ? "." : joined;
    }
}
