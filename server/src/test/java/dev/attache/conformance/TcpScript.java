package dev.attache.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;

/**
 * Plays steps on a byte stream and writes down what happened: {@code send: text}, {@code read: n}
 * (bytes), {@code read_until: text}, {@code read_to_end: true}, {@code half_close: true}, {@code
 * wait_ms: n}, {@code close: true}, {@code reset: true}, {@code certificate: true} (subject of the
 * peer's certificate).
 */
final class TcpScript {
    private final Socket socket;
    private final boolean blunt;
    private final InputStream in;
    private final OutputStream out;
    private final StringBuilder transcript = new StringBuilder();

    TcpScript(Socket socket) throws IOException {
        this(socket, false);
    }

    /**
     * @param blunt whether all ways in which the connection ends look the same
     */
    TcpScript(Socket socket, boolean blunt) throws IOException {
        this.blunt = blunt;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    String transcript() {
        return transcript.toString();
    }

    /** Sends everything back until the peer ends, then ends too. */
    void echo() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        String end = "end";
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                all.write(buffer, 0, n);
                out.write(buffer, 0, n);
                out.flush();
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            end = "reset";
        }
        transcript.append("read: ").append(Message.show(all.toByteArray())).append('\n');
        transcript.append(end).append('\n');
    }

    void play(List<Object> steps) {
        for (Object step : steps) {
            for (Map.Entry<String, Object> e : Tree.map(step).entrySet()) {
                try {
                    play(e.getKey(), e.getValue());
                } catch (SocketTimeoutException timeout) {
                    transcript.append(e.getKey()).append(": nothing in time\n");
                } catch (IOException failed) {
                    if (blunt) {
                        transcript.append("ended\n");
                        return;
                    }
                    transcript.append(e.getKey()).append(": connection failed\n");
                    return;
                }
            }
        }
    }

    private void play(String step, Object value) throws IOException {
        String text = Tree.text(value, "");
        switch (step) {
            case "send" -> {
                out.write(Reply.body(value));
                out.flush();
            }
            case "read" -> {
                byte[] got = in.readNBytes(Integer.parseInt(text));
                if (blunt && got.length == 0) {
                    throw new EOFException("ended");
                }
                note("read", got);
            }
            case "read_until" -> readUntil(text);
            case "read_to_end" -> readToEnd();
            case "half_close" -> socket.shutdownOutput();
            case "wait_ms" -> Http1Upstream.pause(Integer.parseInt(text));
            case "close" -> socket.close();
            case "certificate" -> {
                X509Certificate leaf =
                        (X509Certificate)
                                ((SSLSocket) socket).getSession().getPeerCertificates()[0];
                transcript.append("certificate: ").append(leaf.getSubjectX500Principal());
                transcript.append('\n');
            }
            case "reset" -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            default -> throw new IllegalArgumentException("unknown step: " + step);
        }
    }

    private void readUntil(String text) throws IOException {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        while (!new String(got.toByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1)
                .endsWith(text)) {
            int b = in.read();
            if (b < 0) {
                note("ended before «" + text + "», read", got.toByteArray());
                return;
            }
            got.write(b);
        }
        note("read", got.toByteArray());
    }

    private void readToEnd() throws IOException {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        String end = "end";
        try {
            in.transferTo(got);
        } catch (SocketTimeoutException e) {
            end = "still open";
        } catch (IOException e) {
            end = "reset";
        }
        if (blunt && got.size() == 0 && !end.equals("still open")) {
            transcript.append("ended\n");
            return;
        }
        note("read", got.toByteArray());
        transcript.append(blunt && end.equals("reset") ? "end" : end).append('\n');
    }

    private void note(String what, byte[] bytes) {
        transcript.append(what).append(": ").append(Message.show(bytes)).append('\n');
    }
}
