package dev.attache.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection of a fake upstream. Streams are answered as they end, each on a thread. */
final class Http2Upstream {
    private final Upstream upstream;
    private final Http2 http2;
    private final Map<Integer, Incoming> streams = new HashMap<>();

    /** A request on its way in. */
    private static final class Incoming {
        final Headers headers;
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        final Reply reply;
        final Collector.@Nullable Intake intake;
        @Nullable Conversation conversation;
        Headers trailers = new Headers();

        Incoming(Headers headers, Reply reply, @Nullable Collector collector) {
            this.headers = headers;
            this.reply = reply;
            this.intake = collector == null ? null : collector.new Intake();
        }

        Message message(String note) {
            String start = headers.get(":method") + " " + headers.get(":path") + " HTTP/2";
            return new Message(start, headers, body.toByteArray(), trailers, note);
        }
    }

    Http2Upstream(Upstream upstream, Socket socket) throws IOException {
        this.upstream = upstream;
        this.http2 = new Http2(socket);
    }

    void run() throws IOException {
        if (!http2.readPreface()) {
            upstream.record("(no HTTP/2 preface)");
            return;
        }
        // 3: max concurrent streams, 4: initial window, 8: extended CONNECT
        http2.openAsServer(Map.of(3, 100, 4, 1 << 20, 8, 1));
        try {
            while (true) {
                accept(http2.read());
            }
        } catch (EOFException closed) {
            streams.values().stream()
                    .filter(s -> s.intake == null && s.conversation == null)
                    .forEach(s -> upstream.record(s.message("connection closed")));
        }
    }

    private void accept(Http2.Frame frame) throws IOException {
        Incoming stream = streams.get(frame.stream());
        switch (frame.type()) {
            case Http2.HEADERS -> {
                Headers headers = http2.decode(frame);
                if (stream != null) {
                    stream.trailers = headers;
                } else {
                    stream =
                            new Incoming(
                                    headers,
                                    upstream.reply(headers.get(":path"), http2.localPort()),
                                    upstream.collector());
                    streams.put(frame.stream(), stream);
                    if (!stream.reply.converses().isEmpty()) {
                        stream.conversation =
                                new Conversation(
                                        upstream, http2, frame.stream(), stream.reply.converses());
                    }
                    Collector collector = upstream.collector();
                    if (collector != null) {
                        collector.head(upstream.described(stream.message("collected")));
                    }
                    if (stream.reply.early()) {
                        record(stream);
                        answer(frame.stream(), stream);
                    }
                }
            }
            case Http2.DATA -> {
                if (stream != null && stream.conversation != null) {
                    stream.conversation.data(frame.payload());
                } else if (stream != null && stream.reply.tunnel()) {
                    http2.data(frame.stream(), frame.payload(), frame.endsStream());
                } else if (stream != null && stream.intake != null) {
                    stream.intake.data(frame.payload());
                } else if (stream != null) {
                    stream.body.writeBytes(frame.payload());
                    upstream.collected(stream.body);
                }
            }
            case Http2.RST_STREAM -> {
                if (stream != null && stream.conversation != null) {
                    streams.remove(frame.stream());
                    stream.conversation.reset();
                } else if (stream != null && stream.intake != null) {
                    streams.remove(frame.stream());
                } else if (stream != null) {
                    streams.remove(frame.stream());
                    upstream.record(stream.message("reset by peer, code " + frame.errorCode()));
                }
            }
            default -> {}
        }
        if (stream != null && frame.endsStream()) {
            streams.remove(frame.stream());
            if (stream.conversation != null) {
                stream.conversation.end();
                return;
            }
            if (stream.intake != null) {
                stream.intake.end();
            }
            if (!stream.reply.early()) {
                record(stream);
                answer(frame.stream(), stream);
            }
        }
    }

    private void record(Incoming stream) {
        if (!stream.reply.silent() && stream.intake == null) {
            upstream.record(stream.message(""));
        }
    }

    private void answer(int id, Incoming stream) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        respond(id, stream.reply, stream.headers.get(":method"));
                    } catch (IOException e) {
                        upstream.record("(could not answer: " + e.getMessage() + ")");
                    }
                });
    }

    private void respond(int id, Reply reply, String method) throws IOException {
        if (!reply.hold().isEmpty()) {
            upstream.awaitMode(reply.hold());
        }
        Http1Upstream.pause(reply.delay());
        switch (reply.end()) {
            case "close" -> {
                http2.close();
                return;
            }
            case "reset" -> {
                http2.reset(id, reply.errorCode());
                return;
            }
            case "hang" -> {
                return;
            }
            default -> {}
        }
        for (Reply.Interim interim : reply.interim()) {
            http2.headers(id, status(interim.status(), interim.headers()), false);
        }
        boolean bodiless = method.equals("HEAD") || reply.status() == 204 || reply.status() == 304;
        boolean trailers = !reply.trailers().fields().isEmpty() && !bodiless;
        boolean body = reply.body().length > 0 && !reply.tunnel() && !bodiless;
        boolean open = reply.tunnel() || reply.end().endsWith("after-headers");
        http2.headers(id, status(reply.status(), reply.headers()), !body && !trailers && !open);
        if (reply.end().equals("hang-after-headers")) {
            return;
        }
        if (reply.end().endsWith("after-headers")) {
            http2.reset(id, reply.errorCode());
            return;
        }
        Http1Upstream.pause(reply.bodyDelay());
        if (body) {
            http2.data(id, reply.body(), !trailers && reply.end().isEmpty());
        }
        if (reply.end().equals("close-after-body")) {
            http2.reset(id, reply.errorCode());
        } else if (trailers) {
            http2.headers(id, reply.trailers(), true);
        }
    }

    private static Headers status(int status, Headers rest) {
        Headers all = new Headers().add(":status", String.valueOf(status));
        all.fields().addAll(rest.fields());
        return all;
    }
}
