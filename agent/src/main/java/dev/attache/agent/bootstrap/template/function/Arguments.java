package dev.attache.agent.bootstrap.template.function;

import java.util.List;

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
}
