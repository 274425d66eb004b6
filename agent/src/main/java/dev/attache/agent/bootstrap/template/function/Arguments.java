package dev.attache.agent.bootstrap.template.function;

import java.util.List;
import java.util.Map;

/** Arguments of functions, whose types their signatures have seen to. */
final class Arguments {

    private Arguments() {}

    static Object one(List<Object> given) {
        return given.getFirst();
    }

    static String text(List<Object> given, int at) {
        return (String) given.get(at);
    }

    static int whole(List<Object> given, int at) {
        return Math.toIntExact((Long) given.get(at));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(List<Object> given, int at) {
        return (Map<String, Object>) given.get(at);
    }

    /**
     * A list.
     *
     * @param problem what sprig says before the kind of what is none
     */
    @SuppressWarnings("unchecked")
    static List<Object> list(List<Object> given, int at, String problem) {
        if (given.get(at) instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw new IllegalArgumentException(
                GoText.isNil(given.get(at))
                        ? "runtime error: invalid memory address or nil pointer dereference"
                        : problem + " " + GoText.kind(given.get(at)));
    }
}
