package dev.attache.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client connection speaking HTTP/2, one stream after the other. */
public final class Http2Client {
    private final Http2 http2;
    private final StringBuilder seen = new StringBuilder();
    private int nextStream = 1;
    private boolean opened;

    /** What arrived on the stream in progress. */
    private static final class Incoming {
        Headers headers = new Headers();
        Headers trailers = new Headers();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        String note = "";
        boolean done;
    }

    public Http2Client(Socket socket) throws IOException {
        this.http2 = new Http2(socket);
    }

    /** Sends one request as a case writes it; what came back. */
    public String exchange(Map<String, Object> spec) throws IOException {
        return exchange(spec, new Normaliser());
    }

    /** Sends one request and reads until its stream, or the connection, has ended. */
    String exchange(Map<String, Object> spec, Normaliser normaliser) throws IOException {
        seen.setLength(0);
        if (!opened) {
            open(Tree.map(spec.get("settings")));
        }
        int stream = nextStream;
        nextStream += 2;
        byte[] body = Reply.body(spec.getOrDefault("body", ""));
        Headers trailers = Headers.of(Tree.strings(spec.get("trailers")));
        boolean tunnel = spec.containsKey("tunnel");
        boolean bodiless = body.length == 0 && trailers.fields().isEmpty() && !tunnel;
        http2.headers(stream, request(spec), bodiless && !Tree.flag(spec.get("leave_open")));
        Http1Upstream.pause(Tree.number(spec.get("body_delay_ms"), 0));
        if (body.length > 0) {
            http2.data(stream, body, trailers.fields().isEmpty() && !tunnel);
        }
        if (!trailers.fields().isEmpty()) {
            http2.headers(stream, trailers, true);
        }
        if (spec.containsKey("reset_after_ms")) {
            Http1Upstream.pause(Tree.number(spec.get("reset_after_ms"), 0));
            http2.reset(stream, Tree.number(spec.get("error_code"), 8));
            return "reset by the client\n";
        }
        Incoming response = new Incoming();
        tunnel(spec, stream, response, normaliser);
        while (!response.done) {
            readFrame(stream, response, normaliser);
        }
        String start = "HTTP/2 " + response.headers.get(":status");
        Message message =
                new Message(
                        start,
                        response.headers,
                        response.body.toByteArray(),
                        response.trailers,
                        response.note);
        return seen + message.describe(normaliser);
    }

    private void open(Map<String, Object> extra) throws IOException {
        Map<Integer, Integer> settings = new LinkedHashMap<>(Map.of(2, 0, 4, 1 << 24));
        extra.forEach((id, value) -> settings.put(Integer.valueOf(id), Tree.number(value, 0)));
        http2.openAsClient(settings);
        opened = true;
        while (http2.read().type() != Http2.SETTINGS) {
            continue;
        }
    }

    private static Headers request(Map<String, Object> spec) {
        Headers headers = new Headers();
        pseudo(headers, spec, "method", "GET");
        pseudo(headers, spec, "scheme", "http");
        pseudo(headers, spec, "authority", "example.test");
        pseudo(headers, spec, "path", "/");
        pseudo(headers, spec, "protocol", "");
        headers.fields().addAll(Headers.of(Tree.strings(spec.get("headers"))).fields());
        return headers;
    }

    /** A pseudo header; {@code none} in the case leaves it out. */
    private static void pseudo(
            Headers headers, Map<String, Object> spec, String name, String fallback) {
        String value = Tree.text(spec.get(name), fallback);
        if (!value.equals("none") && !value.isEmpty()) {
            headers.add(":" + name, value);
        }
    }

    private void readFrame(int stream, Incoming response, Normaliser normaliser)
            throws IOException {
        Http2.Frame frame;
        try {
            frame = http2.read();
        } catch (SocketTimeoutException e) {
            response.note = "stream not finished in time";
            response.done = true;
            return;
        } catch (EOFException e) {
            response.note += response.note.isEmpty() ? "connection closed" : ", connection closed";
            response.done = true;
            return;
        } catch (java.net.SocketException e) {
            response.note += response.note.isEmpty() ? "connection closed" : ", connection closed";
            response.done = true;
            return;
        }
        if (frame.type() == Http2.GOAWAY) {
            response.note = "goaway, code " + frame.errorCode();
        }
        if (frame.stream() == stream) {
            accept(frame, response, normaliser);
        }
    }

    private void accept(Http2.Frame frame, Incoming response, Normaliser normaliser)
            throws IOException {
        switch (frame.type()) {
            case Http2.HEADERS -> {
                Headers headers = http2.decode(frame);
                if (headers.get(":status").startsWith("1")) {
                    seen.append("interim:\n").append(headers.describe(normaliser));
                } else if (response.headers.fields().isEmpty()) {
                    response.headers = headers;
                } else {
                    response.trailers = headers;
                }
            }
            case Http2.DATA -> response.body.writeBytes(frame.payload());
            case Http2.RST_STREAM -> {
                response.note = "stream reset, code " + frame.errorCode();
                response.done = true;
            }
            default -> {}
        }
        response.done |= frame.endsStream();
    }

    /**
     * After the head: sends each text as DATA and reads as many bytes back, then ends the stream.
     */
    private void tunnel(
            Map<String, Object> spec, int stream, Incoming response, Normaliser normaliser)
            throws IOException {
        if (!spec.containsKey("tunnel")) {
            return;
        }
        while (response.headers.fields().isEmpty() && !response.done) {
            readFrame(stream, response, normaliser);
        }
        List<String> texts = Tree.strings(spec.get("tunnel"));
        int expected = 0;
        for (String text : texts) {
            if (response.done) {
                return;
            }
            http2.data(stream, Message.bytes(text), false);
            expected += text.length();
            while (response.body.size() < expected && !response.done) {
                readFrame(stream, response, normaliser);
            }
        }
        http2.data(stream, new byte[0], true);
    }
}
