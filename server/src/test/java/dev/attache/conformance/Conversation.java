package dev.attache.conformance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One stream of a gRPC service that answers each message as it comes, by the {@code converses} of
 * an entry of {@code respond}: {@code {type, steps, mute}}. A message takes the first step that is
 * left and whose {@code to} it has as a field; the step sends {@code messages}, or ends the stream
 * ({@code end}: a status of gRPC, or {@code reset}). What no step is for is answered by an empty
 * message in the field of the same name, unless the service is {@code mute}. Each message is shown
 * with the stream's number and its own.
 */
final class Conversation {
    private static final int HEAD = 5;

    /** Octets in JSON, which are readable as text here. */
    private static final Pattern OCTETS =
            Pattern.compile("\"(rawValue|body)\": \"([A-Za-z0-9+/=]*)\"");

    private final Upstream upstream;
    private final Http2 http2;
    private final int stream;
    private final int number;
    private final String asked;
    private final String answered;
    private final boolean mute;
    private final List<Map<String, Object>> steps = new ArrayList<>();
    private ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private int count;
    private boolean began;
    private boolean over;

    Conversation(Upstream upstream, Http2 http2, int stream, Map<String, Object> spec) {
        this.upstream = upstream;
        this.http2 = http2;
        this.stream = stream;
        this.number = upstream.nextConversation();
        this.asked = upstream.messages();
        this.answered = Tree.text(spec.get("type"), "");
        this.mute = Tree.flag(spec.get("mute"));
        Tree.list(spec.get("steps")).forEach(step -> steps.add(Tree.map(step)));
    }

    /**
     * Messages that cannot be made are a mistake of the case. All is done once here that an answer
     * in time will need.
     *
     * @param asked the type of messages that arrive
     */
    static void check(Map<String, Object> spec, String asked) {
        if (!spec.isEmpty()) {
            readable(Tree.json(Tree.map(Tree.parse(json(asked, new byte[0]))), true));
            frame(Tree.text(spec.get("type"), ""), Map.of());
        }
        for (Object step : Tree.list(spec.get("steps"))) {
            for (Object message : Tree.list(Tree.map(step).get("messages"))) {
                frame(Tree.text(spec.get("type"), ""), message);
            }
        }
    }

    private static byte[] frame(String type, Object message) {
        return GrpcMessages.frame(Map.of("type", type, "message", message));
    }

    void data(byte[] data) throws IOException {
        rest.writeBytes(data);
        ByteBuffer in = ByteBuffer.wrap(rest.toByteArray());
        while (in.remaining() >= HEAD && in.remaining() >= HEAD + in.getInt(in.position() + 1)) {
            in.get();
            byte[] message = new byte[in.getInt()];
            in.get(message);
            message(message);
        }
        rest = new ByteArrayOutputStream();
        rest.write(in.array(), in.position(), in.remaining());
    }

    /** The client has nothing more to say. */
    void end() throws IOException {
        show("(ends)");
        if (!over) {
            finish("0", "");
        }
    }

    void reset() {
        if (!over) {
            show("(resets)");
        }
        over = true;
    }

    private void message(byte[] bytes) throws IOException {
        Map<String, Object> tree = Tree.map(Tree.parse(json(asked, bytes)));
        show(readable(Tree.json(tree, true)));
        if (!over) {
            answer(tree);
        }
    }

    private static String json(String type, byte[] bytes) {
        try {
            return JsonFormat.printer()
                    .sortingMapKeys()
                    .print(GrpcMessages.prototype(type).getParserForType().parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("no " + type, e);
        }
    }

    private void answer(Map<String, Object> message) throws IOException {
        for (Map<String, Object> step : steps) {
            if (message.containsKey(Tree.text(step.get("to"), ""))) {
                if (!Tree.flag(step.get("again"))) {
                    steps.remove(step);
                }
                take(step);
                return;
            }
        }
        for (String field : message.keySet()) {
            boolean part = field.startsWith("request") || field.startsWith("response");
            if (part && !mute) {
                send(Map.of(field, Map.of()));
            }
        }
    }

    private void take(Map<String, Object> step) throws IOException {
        Http1Upstream.pause(Tree.number(step.get("delay_ms"), 0));
        String hold = Tree.text(step.get("hold"), "");
        if (!hold.isEmpty()) {
            upstream.awaitMode(hold);
        }
        for (Object message : Tree.list(step.get("messages"))) {
            send(message);
        }
        String end = Tree.text(step.get("end"), "");
        if (end.equals("reset")) {
            over = true;
            http2.reset(stream, 2);
        } else if (!end.isEmpty()) {
            finish(end, Tree.text(step.get("text"), ""));
        }
    }

    private void send(Object message) throws IOException {
        begin();
        http2.data(stream, frame(answered, message), false);
    }

    private void begin() throws IOException {
        if (!began) {
            began = true;
            http2.headers(
                    stream,
                    new Headers().add(":status", "200").add("content-type", "application/grpc"),
                    false);
        }
    }

    private void finish(String status, String text) throws IOException {
        over = true;
        begin();
        Headers trailers = new Headers().add("grpc-status", status);
        http2.headers(stream, text.isEmpty() ? trailers : trailers.add("grpc-message", text), true);
    }

    private void show(String what) {
        upstream.record(
                String.format(Locale.ROOT, "%02d.%02d ", number, count++)
                        + upstream.normalised(what));
    }

    private static String readable(String json) {
        Matcher matcher = OCTETS.matcher(json.replace("\":\"", "\": \""));
        return matcher.replaceAll(found -> {
            byte[] octets = Base64.getDecoder().decode(found.group(2));
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            String shown = text.length() > 200 ? text.length() + " octets" : text;
            return Matcher.quoteReplacement("\"" + found.group(1) + "\": \"" + shown + "\"");
        });
    }
}
