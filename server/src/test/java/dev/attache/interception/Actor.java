package dev.attache.interception;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

/**
 * A process that a test has started in a namespace, a cgroup and as a user, and that does as it is
 * told on its standard input, one line of answer to each line.
 */
final class Actor {
    private static final int PATIENCE_MILLIS = 10_000;

    private Actor() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(
                    switch (words[0]) {
                        case "serve" -> serve(words[1], Integer.parseInt(words[2]), words[3]);
                        case "get" -> get(words[1], Integer.parseInt(words[2]), "who?", true);
                        case "http" -> fetch("http://" + words[1] + ":" + words[2] + words[3]);
                        case "echo" -> Transfers.echo(words[1], Integer.parseInt(words[2]));
                        case "bulk" ->
                                Transfers.bulk(
                                        words[1],
                                        Integer.parseInt(words[2]),
                                        Long.parseLong(words[3]));
                        case "sink" -> Transfers.sink(words[1], Integer.parseInt(words[2]));
                        case "flood" -> Transfers.flood(words[1], Integer.parseInt(words[2]));
                        case "drink" -> Transfers.drink();
                        case "hold" -> Transfers.hold(words[1], Integer.parseInt(words[2]));
                        case "held" -> Transfers.held();
                        default -> throw new IllegalArgumentException(line);
                    });
        }
    }

    /** Listens; tells every client who it is, and at what address it was reached. */
    private static String serve(String host, int port, String name) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (!server.isClosed()) {
                        try (Socket client = server.accept()) {
                            client.setSoTimeout(PATIENCE_MILLIS);
                            client.getInputStream().readAllBytes();
                            String answer =
                                    "%s at %s:%d from %s"
                                            .formatted(
                                                    name,
                                                    client.getLocalAddress().getHostAddress(),
                                                    client.getLocalPort(),
                                                    client.getInetAddress().getHostAddress());
                            client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                        } catch (IOException e) {
                            System.err.println(name + ": " + e);
                        }
                    }
                });
        return "serving";
    }

    /** Connects, says something, perhaps ends its half, and returns what comes back. */
    /** A page of an admin interface, which wants HTTP/1.1. */
    private static String fetch(String url) {
        try {
            URLConnection connection = URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            try (InputStream in = connection.getInputStream()) {
                String page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return page.replaceAll("\\R", "|");
            }
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    private static String get(String host, int port, String text, boolean end) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            if (end) {
                socket.shutdownOutput();
            }
            byte[] answer = socket.getInputStream().readAllBytes();
            return "[" + new String(answer, StandardCharsets.UTF_8).replaceAll("\\R", "|") + "]";
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }
}
