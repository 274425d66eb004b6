package dev.attache.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;

/** A client connection speaking HTTP/1. */
final class Http1Client {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Http1Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Sends one request composed from the exchange and reads its responses, 1xx included. */
    String exchange(Map<String, Object> spec, Normaliser normaliser) throws IOException {
        String method = Tree.text(spec.get("method"), "GET");
        Headers headers = new Headers();
        if (!Tree.text(spec.get("authority"), "-").isEmpty()) {
            headers.add("Host", Tree.text(spec.get("authority"), "example.test"));
        }
        headers.fields().addAll(Headers.of(Tree.strings(spec.get("headers"))).fields());
        byte[] body = Reply.body(spec.getOrDefault("body", ""));
        Headers trailers = Headers.of(Tree.strings(spec.get("trailers")));
        boolean chunked = Tree.flag(spec.get("chunked")) || !trailers.fields().isEmpty();
        if (chunked) {
            headers.add("Transfer-Encoding", "chunked");
        } else if (body.length > 0 && !headers.has("content-length")) {
            headers.add("Content-Length", String.valueOf(body.length));
        }
        String version = Tree.text(spec.get("version"), "1.1");
        String start = method + " " + Tree.text(spec.get("path"), "/") + " HTTP/" + version;
        StringBuilder seen = new StringBuilder();
        write(Http1.head(start, headers));
        if (Tree.flag(spec.get("wait_for_continue"))) {
            seen.append(readOne("HEAD", normaliser));
        }
        Http1Upstream.pause(Tree.number(spec.get("body_delay_ms"), 0));
        sendBody(body, chunked, trailers, seen);
        if (Tree.text(spec.get("abort"), "").equals("after-request")) {
            Http1Upstream.pause(Tree.number(spec.get("abort_after_ms"), 300));
            socket.close();
            return "aborted by the client\n";
        }
        String response = readOne(method, normaliser);
        if (response.startsWith("(no response")) {
            // whether the connection ended while the body was sent or after it, is a race
            seen.setLength(0);
        }
        seen.append(response);
        while (response.matches("(?s)HTTP/1.1 1(?!01)[0-9][0-9] .*")) {
            response = readOne(method, normaliser);
            seen.append(response);
        }
        tunnel(spec, seen);
        return seen.toString();
    }

    private void sendBody(byte[] body, boolean chunked, Headers trailers, StringBuilder seen) {
        try {
            write(chunked && body.length > 0 ? Http1.chunk(body) : body);
            if (chunked) {
                write(Http1.lastChunk(trailers));
            }
        } catch (IOException e) {
            seen.append("(request body cut)\n");
        }
    }

    /** After an upgrade or CONNECT: sends each text and reads as many bytes back. */
    private void tunnel(Map<String, Object> spec, StringBuilder seen) throws IOException {
        List<String> texts = Tree.strings(spec.get("tunnel"));
        for (String text : texts) {
            write(Message.bytes(text));
            seen.append("tunnel: ").append(Message.show(in.readNBytes(text.length()))).append('\n');
        }
    }

    /** Sends raw bytes, reads as many responses as asked and says whether the proxy closed. */
    String raw(Map<String, Object> spec, Normaliser normaliser) throws IOException {
        try {
            for (String part : Tree.strings(spec.get("send"))) {
                write(Message.bytes(part));
                Http1Upstream.pause(Tree.number(spec.get("pause_ms"), 0));
            }
        } catch (IOException e) {
            return "(request cut)\n" + leftOver(spec);
        }
        if (Tree.flag(spec.get("half_close"))) {
            socket.shutdownOutput();
        }
        StringBuilder seen = new StringBuilder();
        String method = Tree.flag(spec.get("head")) ? "HEAD" : "GET";
        for (int i = 0; i < Tree.number(spec.get("responses"), 1); i++) {
            seen.append(readOne(method, normaliser));
        }
        return seen.append(leftOver(spec)).toString();
    }

    private String readOne(String method, Normaliser normaliser) {
        try {
            Http1.Head head = Http1.readHead(in);
            if (head == null) {
                return "(no response: connection ended)\n";
            }
            String status = head.start().split(" ").length > 1 ? head.start().split(" ")[1] : "";
            boolean bodiless =
                    method.equals("HEAD")
                            || status.startsWith("1")
                            || status.equals("204")
                            || status.equals("304")
                            || (method.equals("CONNECT") && status.startsWith("2"));
            return Http1.readBody(in, head, bodiless).describe(normaliser);
        } catch (SocketTimeoutException e) {
            return "(no response in time)\n";
        } catch (IOException e) {
            return "(no response: connection ended)\n";
        }
    }

    private String leftOver(Map<String, Object> spec) {
        try {
            socket.setSoTimeout(Tree.number(spec.get("close_wait_ms"), 1500));
            byte[] more = in.readAllBytes();
            return more.length > 0 ? "more: " + Message.show(more) + "\nclosed\n" : "closed\n";
        } catch (SocketTimeoutException e) {
            return "still open\n";
        } catch (IOException e) {
            return "closed\n";
        }
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }
}
