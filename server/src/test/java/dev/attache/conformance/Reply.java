package dev.attache.conformance;

import java.util.List;
import java.util.Map;

/**
 * What a fake upstream answers to one request; read from an entry of {@code respond}.
 *
 * @param interim 1xx responses sent first
 * @param delay milliseconds before the head
 * @param bodyDelay milliseconds between head and body
 * @param end how it ends: {@code ""} properly; {@code close} or {@code reset} the connection (H1)
 *     or {@code reset} the stream (H2) before the head; {@code close-after-headers}, {@code
 *     reset-after-headers}, {@code close-after-body} (body cut), {@code hang} (never answers)
 * @param raw H1 only: exactly these bytes instead of a composed response
 * @param tunnel after the head every byte received is sent back
 * @param early answer as soon as the request's head is there, without reading its body
 * @param errorCode of an H2 reset
 * @param hold the mode of the upstream for which the answer waits, or empty
 * @param converses messages are answered as they come, see {@link Conversation}; empty: not
 * @param silent a request that is answered and then forgotten, as health checks are
 */
record Reply(
        int status,
        String reason,
        Headers headers,
        byte[] body,
        Headers trailers,
        List<Interim> interim,
        int delay,
        int bodyDelay,
        String end,
        String raw,
        boolean chunked,
        boolean tunnel,
        boolean early,
        int errorCode,
        String hold,
        Map<String, Object> converses,
        boolean silent) {

    /** A 1xx response. */
    record Interim(int status, Headers headers) {}

    static Reply of(Map<String, Object> spec, String upstream) {
        Headers headers = Headers.of(Tree.strings(spec.get("headers")));
        Headers trailers = Headers.of(Tree.strings(spec.get("trailers")));
        Map<String, Object> grpc = Tree.map(spec.get("grpc"));
        if (!grpc.isEmpty()) {
            headers.add("content-type", "application/grpc");
            trailers.add("grpc-status", Tree.text(grpc.get("status"), "0"));
        }
        List<Interim> interim =
                Tree.list(spec.get("interim")).stream().map(Tree::map).map(Reply::interim).toList();
        return new Reply(
                Tree.number(spec.get("status"), 200),
                Tree.text(spec.get("reason"), "OK"),
                headers,
                grpc.isEmpty()
                        ? body(spec.getOrDefault("body", upstream))
                        : GrpcMessages.frame(grpc),
                trailers,
                interim,
                Tree.number(spec.get("delay_ms"), 0),
                Tree.number(spec.get("body_delay_ms"), 0),
                Tree.text(spec.get("end"), ""),
                Tree.text(spec.get("raw"), ""),
                Tree.flag(spec.get("chunked")),
                Tree.flag(spec.get("tunnel")),
                Tree.flag(spec.get("early")) || Tree.flag(spec.get("tunnel")),
                Tree.number(spec.get("error_code"), 2),
                Tree.text(spec.get("hold"), ""),
                Tree.map(spec.get("converses")),
                Tree.flag(spec.get("silent")));
    }

    /** A body: text, or {@code {repeat: text, count: n}}. */
    static byte[] body(Object spec) {
        if (spec instanceof Map<?, ?>) {
            Map<String, Object> map = Tree.map(spec);
            return Message.bytes(
                    Tree.text(map.get("repeat"), "x").repeat(Tree.number(map.get("count"), 1)));
        }
        return Message.bytes(Tree.text(spec, ""));
    }

    private static Interim interim(Map<String, Object> spec) {
        return new Interim(
                Tree.number(spec.get("status"), 103),
                Headers.of(Tree.strings(spec.get("headers"))));
    }

    /**
     * What an upstream knows of a request before it answers.
     *
     * @param nth which of the upstream's requests it is, from 1; 0 where it is not counted
     * @param host which of the upstream's hosts was asked, from 0
     * @param mode what the script last set
     */
    record Asked(String path, int nth, int host, String mode) {}

    /** Whether this entry of {@code respond} answers the request. */
    static boolean answers(Map<String, Object> spec, Asked asked) {
        Map<String, Object> when = Tree.map(spec.get("when"));
        return (!when.containsKey("path")
                        || asked.path().startsWith(Tree.text(when.get("path"), "")))
                && oneOf(when, "nth", asked.nth())
                && oneOf(when, "host", asked.host())
                && oneOf(when, "mode", asked.mode());
    }

    private static boolean oneOf(Map<String, Object> when, String key, Object value) {
        return !when.containsKey(key) || Tree.strings(when.get(key)).contains("" + value);
    }
}
