package dev.attache.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One HTTP/1 connection of a fake upstream. */
final class Http1Upstream {
    private final Upstream upstream;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Http1Upstream(Upstream upstream, Socket socket) throws IOException {
        this.upstream = upstream;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    void run() throws IOException {
        Http1.Head head = Http1.readHead(in);
        while (head != null && answer(head)) {
            head = Http1.readHead(in);
        }
    }

    private boolean answer(Http1.Head head) throws IOException {
        String[] start = head.start().split(" ");
        Reply reply = upstream.reply(start.length > 1 ? start[1] : "", socket.getLocalPort());
        if (reply.early()) {
            record(
                    reply,
                    new Message(head.start(), head.headers(), new byte[0], new Headers(), ""));
            respond(reply, start[0]);
            if (reply.tunnel()) {
                in.transferTo(out);
                return false;
            }
        }
        if (head.headers().get("expect").equalsIgnoreCase("100-continue")) {
            write(Message.bytes("HTTP/1.1 100 Continue\r\n\r\n"));
        }
        Message request = Http1.readBody(in, head, false);
        if (reply.early()) {
            return true;
        }
        record(reply, request);
        return request.note().isEmpty() && respond(reply, start[0]);
    }

    private void record(Reply reply, Message request) {
        if (!reply.silent()) {
            upstream.record(request);
        }
    }

    private boolean respond(Reply reply, String method) throws IOException {
        if (!reply.hold().isEmpty()) {
            upstream.awaitMode(reply.hold());
        }
        pause(reply.delay());
        switch (reply.end()) {
            case "close" -> {
                socket.close();
                return false;
            }
            case "reset" -> {
                socket.setSoLinger(true, 0);
                socket.close();
                return false;
            }
            case "hang" -> {
                return in.read() >= 0;
            }
            default -> {}
        }
        for (Reply.Interim interim : reply.interim()) {
            write(Http1.head("HTTP/1.1 " + interim.status() + " Interim", interim.headers()));
        }
        if (!reply.raw().isEmpty()) {
            write(Message.bytes(reply.raw()));
            return !reply.end().startsWith("close");
        }
        writeResponse(reply, method);
        return !reply.end().contains("-after-")
                && !reply.headers().get("connection").equals("close");
    }

    private void writeResponse(Reply reply, String method) throws IOException {
        Headers headers = new Headers();
        headers.fields().addAll(reply.headers().fields());
        boolean chunked = reply.chunked() || !reply.trailers().fields().isEmpty();
        boolean bodiless = reply.tunnel() || reply.status() == 204 || reply.status() == 304;
        if (!bodiless && chunked) {
            headers.add("transfer-encoding", "chunked");
        } else if (!bodiless && !headers.has("content-length")) {
            headers.add("content-length", String.valueOf(reply.body().length));
        }
        write(Http1.head("HTTP/1.1 " + reply.status() + " " + reply.reason(), headers));
        if (reply.end().equals("hang-after-headers")) {
            in.transferTo(OutputStream.nullOutputStream());
            return;
        }
        if (reply.end().endsWith("after-headers")) {
            socket.setSoLinger(reply.end().startsWith("reset"), 0);
            socket.close();
            return;
        }
        pause(reply.bodyDelay());
        if (bodiless || method.equals("HEAD")) {
            return;
        }
        write(chunked && reply.body().length > 0 ? Http1.chunk(reply.body()) : reply.body());
        if (chunked && !reply.end().equals("close-after-body")) {
            write(Http1.lastChunk(reply.trailers()));
        }
        if (reply.end().equals("close-after-body")) {
            socket.close();
        }
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    static void pause(int milliseconds) {
        if (milliseconds <= 0) {
            return;
        }
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
