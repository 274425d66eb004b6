package dev.attache.conformance;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A fake upstream: one or more hosts that answer as the case says and remember what they received.
 * One virtual thread per connection; belongs to one run of one case.
 */
final class Upstream implements Closeable {
    private static final long HOLD = 10_000_000_000L;
    private final String name;
    private final Map<String, Object> spec;
    private final @Nullable SSLContext tls;
    private final List<ServerSocket> hosts = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> received = new ArrayList<>();

    /**
     * Of byte streams, by the number of the connection: which of two ends is seen first is chance.
     */
    private final NavigableMap<Integer, String> conversations = new TreeMap<>();

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final Normaliser normaliser;
    private final @Nullable Collector collector;

    /** Null where it is no collector of traces. */
    private final @Nullable SpanReports spans;

    private final @Nullable Datagrams datagrams;

    /** Null where it is no name server. */
    private final @Nullable ScriptedNameServer names;

    private final AtomicInteger answeredStreams = new AtomicInteger();
    private final Object modeChange = new Object();
    private String mode = "";

    Upstream(
            String name, Map<String, Object> spec, Certificates certificates, Normaliser normaliser)
            throws IOException, GeneralSecurityException {
        this.name = name;
        this.spec = spec;
        this.normaliser = normaliser;
        String form = Tree.text(spec.get("spans"), "");
        this.spans = form.isEmpty() ? null : new SpanReports(form);
        Map<String, Object> tlsSpec = Tree.map(spec.get("tls"));
        this.tls =
                tlsSpec.isEmpty()
                        ? null
                        : certificates.context(Tree.text(tlsSpec.get("cert"), "upstream"));
        for (Object entry : Tree.list(spec.get("respond"))) {
            // A mistake shows before anything runs, and no answer is late for being the first.
            Reply reply = Reply.of(Tree.map(entry), name);
            Conversation.check(reply.converses(), messages());
        }
        String messages = Tree.text(spec.get("messages"), "");
        if (!messages.isEmpty()) {
            GrpcMessages.shown(messages, GrpcMessages.frame(Map.of("type", messages)));
        }
        this.collector =
                spec.containsKey("collects") && !messages.isEmpty()
                        ? new Collector(this, messages, Tree.map(spec.get("collects")))
                        : null;
        this.datagrams =
                Tree.text(spec.get("protocol"), "").equals("udp")
                        ? new Datagrams(this, Tree.map(spec.get("collects")))
                        : null;
        this.names =
                Tree.text(spec.get("protocol"), "").equals("dns") ? new ScriptedNameServer() : null;
        if (names != null) {
            names.misbehave(true);
        }
        for (int i = 0; i < Tree.number(spec.get("hosts"), 1); i++) {
            ServerSocket server = new ServerSocket();
            InetAddress loopback =
                    InetAddress.getByName(Tree.text(spec.get("address"), "127.0.0.1"));
            server.bind(new InetSocketAddress(loopback, Ports.free()));
            hosts.add(server);
            Thread.ofVirtual().start(() -> accept(server));
        }
    }

    int port(int host) {
        if (names != null) {
            return names.port();
        }
        return datagrams != null ? datagrams.port() : hosts.get(host).getLocalPort();
    }

    int hosts() {
        return hosts.size();
    }

    String name() {
        return name;
    }

    /** What arrived: requests in order of completion, byte streams in that of their connections. */
    List<String> received() {
        synchronized (received) {
            List<String> all = new ArrayList<>(received);
            all.addAll(conversations.values());
            return all;
        }
    }

    /** Where what arrives is shown piece by piece; null: requests are, as wholes. */
    @Nullable Collector collector() {
        return collector;
    }

    /** The message that requests carry, by its full name; empty where that is not told. */
    String messages() {
        return Tree.text(spec.get("messages"), "");
    }

    /** Numbers its conversations, from 1. */
    int nextConversation() {
        return answeredStreams.incrementAndGet();
    }

    String normalised(String text) {
        return normaliser.text(text);
    }

    /** The spans that arrived, in an order of their own. */
    List<String> spans() {
        return spans == null ? List.of() : spans.shown(normaliser);
    }

    /** Takes the reports that have come as wholes out of a stream that does not end. */
    void collected(java.io.ByteArrayOutputStream stream) {
        if (spans == null || !spans.streams()) {
            return;
        }
        byte[] bytes = stream.toByteArray();
        int whole = SpanReports.wholeFrames(bytes);
        if (whole > 0) {
            spans.add(java.util.Arrays.copyOf(bytes, whole));
            stream.reset();
            stream.write(bytes, whole, bytes.length - whole);
        }
    }

    String described(Message message) {
        return message.describe(normaliser);
    }

    void record(Message message) {
        if (spans != null) {
            spans.add(message.body());
            return;
        }
        String messages = Tree.text(spec.get("messages"), "");
        Message shown =
                messages.isEmpty()
                        ? message
                        : new Message(
                                message.start(),
                                message.headers(),
                                GrpcMessages.shown(messages, message.body()),
                                message.trailers(),
                                message.note());
        record(shown.describe(normaliser));
    }

    void record(String text) {
        if (Tree.flag(spec.get("forget"))) {
            return;
        }
        synchronized (received) {
            received.add(text);
        }
    }

    /** From now on answers as entries with {@code when: {mode: …}} say. */
    void mode(String next) {
        synchronized (modeChange) {
            mode = next;
            modeChange.notifyAll();
        }
    }

    /** Waits, at most as long as a client would, until the script sets this mode. */
    void awaitMode(String wanted) {
        long deadline = System.nanoTime() + HOLD;
        synchronized (modeChange) {
            try {
                while (!mode.equals(wanted) && System.nanoTime() < deadline) {
                    modeChange.wait(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The answer to the next request that arrives at this port. Silent ones are not counted. */
    Reply reply(String path, int port) {
        int host = hosts.stream().map(ServerSocket::getLocalPort).toList().indexOf(port);
        List<Map<String, Object>> entries =
                Tree.list(spec.get("respond")).stream().map(Tree::map).toList();
        String now;
        synchronized (modeChange) {
            now = mode;
        }
        Reply.Asked silent = new Reply.Asked(path, 0, host, now);
        for (Map<String, Object> entry : entries) {
            if (Tree.flag(entry.get("silent")) && Reply.answers(entry, silent)) {
                return Reply.of(entry, name);
            }
        }
        Reply.Asked asked = new Reply.Asked(path, requests.incrementAndGet(), host, now);
        for (Map<String, Object> entry : entries) {
            if (!Tree.flag(entry.get("silent")) && Reply.answers(entry, asked)) {
                return Reply.of(entry, name);
            }
        }
        return Reply.of(Map.of(), name);
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                int connection = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, connection));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    record("(accept failed: " + e + ")");
                }
            }
        }
    }

    private void serve(Socket plain, int connection) {
        try (Socket socket = secured(plain)) {
            socket.setTcpNoDelay(true);
            switch (protocol(socket)) {
                case "h2" -> new Http2Upstream(this, socket).run();
                case "tcp" -> serveTcp(socket, connection);
                default -> new Http1Upstream(this, socket).run();
            }
        } catch (IOException e) {
            if (Tree.flag(spec.get("record_connection_errors"))) {
                record("(connection failed: " + e.getClass().getSimpleName() + ")");
            }
        } finally {
            open.remove(plain);
        }
    }

    private void serveTcp(Socket socket, int connection) throws IOException {
        List<Object> steps = Tree.list(spec.get("steps"));
        TcpScript script = new TcpScript(socket);
        if (steps.isEmpty()) {
            script.echo();
        } else {
            script.play(steps);
        }
        if (!Tree.flag(spec.get("forget"))) {
            String conversation = normaliser.text(script.transcript());
            synchronized (received) {
                conversations.put(connection, conversation);
            }
        }
    }

    private String protocol(Socket socket) {
        String protocol = Tree.text(spec.get("protocol"), "h1");
        if (protocol.equals("alpn") && socket instanceof SSLSocket secure) {
            return "h2".equals(secure.getApplicationProtocol()) ? "h2" : "h1";
        }
        return protocol;
    }

    private Socket secured(Socket plain) throws IOException {
        if (tls == null) {
            return plain;
        }
        Map<String, Object> tlsSpec = Tree.map(spec.get("tls"));
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
        socket.setUseClientMode(false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setWantClientAuth(true);
        if (tlsSpec.containsKey("alpn")) {
            parameters.setApplicationProtocols(
                    Tree.strings(tlsSpec.get("alpn")).toArray(String[]::new));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (Tree.flag(tlsSpec.get("record"))) {
            record(describe(socket));
        }
        return socket;
    }

    private static String describe(SSLSocket socket) {
        ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
        List<SNIServerName> names = session.getRequestedServerNames();
        String peer;
        try {
            peer = session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            peer = "none";
        }
        return "TLS "
                + session.getProtocol()
                + ", server name "
                + names
                + ", alpn "
                + socket.getApplicationProtocol()
                + ", client certificate "
                + peer
                + "\n";
    }

    @Override
    public void close() throws IOException {
        if (datagrams != null) {
            datagrams.close();
        }
        if (names != null) {
            names.close();
        }
        for (ServerSocket host : hosts) {
            host.close();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
