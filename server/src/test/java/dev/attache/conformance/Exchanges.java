package dev.attache.conformance;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Plays the exchanges of a case against a running proxy and writes down the answers. */
final class Exchanges {
    private static final String ENDED = "connection ended";

    private final CaseRun run;
    private final ProxyProcess proxy;
    private final Connector connector;
    private final Surroundings surroundings;
    private final Observation observation;
    private final Normaliser normaliser;
    private final Map<String, Http1Client> http1 = new HashMap<>();
    private final Map<String, Http2Client> http2 = new HashMap<>();
    private final Map<String, Socket> tcp = new HashMap<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Thread> background = new ArrayList<>();

    Exchanges(CaseRun run, ProxyProcess proxy, Connector connector, Surroundings surroundings) {
        this.run = run;
        this.proxy = proxy;
        this.connector = connector;
        this.surroundings = surroundings;
        this.observation = run.observation();
        this.normaliser = run.normaliser();
    }

    void play(List<Object> exchanges) throws IOException, InterruptedException {
        int number = 0;
        for (Object entry : exchanges) {
            Map<String, Object> exchange = Tree.map(entry);
            number++;
            String kind = exchange.keySet().iterator().next();
            if (kind.equals("wait_ms")) {
                Http1Upstream.pause(Tree.number(exchange.get("wait_ms"), 0));
                continue;
            }
            Map<String, Object> spec = Tree.map(exchange.get(kind));
            String name =
                    number
                            + " "
                            + Tree.text(
                                    spec.get("name"), kind + " " + Tree.text(spec.get("path"), ""));
            if (Tree.flag(spec.get("background"))) {
                observation.put(name, "");
                background.add(Thread.ofVirtual().start(() -> observe(name, kind, spec)));
            } else {
                observe(name, kind, spec);
            }
        }
        for (Thread thread : background) {
            thread.join(20_000);
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void observe(String name, String kind, Map<String, Object> spec) {
        try {
            observation.put(name, once(kind, spec));
        } catch (IOException | GeneralSecurityException e) {
            String shown = Tree.flag(spec.get("show_failure")) ? ": " + e.getMessage() : "";
            observation.put(name, "(no response: " + kindOf(e) + shown + ")\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            observation.put(name, "(interrupted)");
        }
    }

    private static String kindOf(Exception e) {
        boolean ended =
                e instanceof SocketException
                        || e instanceof java.io.EOFException
                        || e instanceof javax.net.ssl.SSLException;
        return ended ? ENDED : e.getClass().getSimpleName();
    }

    private static boolean resetAtOnce(IOException e) {
        return e instanceof SocketException && String.valueOf(e.getMessage()).contains("reset");
    }

    private static boolean onlyReads(Map<String, Object> spec) {
        List<Object> steps = Tree.list(spec.get("steps"));
        return !spec.containsKey("tls")
                && steps.size() == 1
                && Tree.map(steps.getFirst()).containsKey("read_to_end");
    }

    private String tcpScript(Map<String, Object> spec)
            throws IOException, GeneralSecurityException {
        boolean blunt = Tree.flag(spec.get("blunt"));
        Socket socket;
        try {
            socket = tcp(spec);
        } catch (IOException e) {
            if (blunt && kindOf(e).equals(ENDED)) {
                return "ended\n";
            }
            if (resetAtOnce(e) && onlyReads(spec)) {
                // whether a reset is seen by who connects or by who reads then is a race
                return "read: \nreset\n";
            }
            throw e;
        }
        TcpScript script = new TcpScript(socket, blunt);
        script.play(Tree.list(spec.get("steps")));
        return normaliser.text(script.transcript());
    }

    private String once(String kind, Map<String, Object> spec)
            throws IOException, GeneralSecurityException, InterruptedException {
        return switch (kind) {
            case "h1" -> http1(spec).exchange(spec, normaliser);
            case "raw" -> http1(spec).raw(spec, normaliser);
            case "h2" -> http2(spec).exchange(spec, normaliser);
            case "tcp" -> tcpScript(spec);
            case "admin" -> admin(spec);
            case "replace" -> {
                run.replace(Tree.text(spec.get("file"), ""), Tree.text(spec.get("with"), ""));
                yield "";
            }
            default -> surroundings.change(kind, spec);
        };
    }

    private Http1Client http1(Map<String, Object> spec)
            throws IOException, GeneralSecurityException {
        String connection = Tree.text(spec.get("connection"), "");
        Http1Client client = http1.get(connection);
        if (client == null || connection.isEmpty()) {
            client = new Http1Client(open(spec));
            http1.put(connection, client);
        }
        return client;
    }

    private Socket tcp(Map<String, Object> spec) throws IOException, GeneralSecurityException {
        String connection = Tree.text(spec.get("connection"), "");
        Socket socket = tcp.get(connection);
        if (socket == null || connection.isEmpty()) {
            socket = open(spec);
            tcp.put(connection, socket);
        }
        return socket;
    }

    private Http2Client http2(Map<String, Object> spec)
            throws IOException, GeneralSecurityException {
        String connection = Tree.text(spec.get("connection"), "");
        Http2Client client = http2.get(connection);
        if (client == null || connection.isEmpty()) {
            client = new Http2Client(open(spec));
            http2.put(connection, client);
        }
        return client;
    }

    private synchronized Socket open(Map<String, Object> spec)
            throws IOException, GeneralSecurityException {
        Socket socket = connector.open(run.port(Tree.text(spec.get("to"), "listener")), spec);
        sockets.add(socket);
        return socket;
    }

    private String admin(Map<String, Object> spec) throws IOException, InterruptedException {
        HttpResponse<String> response =
                proxy.admin(Tree.text(spec.get("method"), "GET"), Tree.text(spec.get("path"), "/"));
        String type = response.headers().firstValue("content-type").orElse("none");
        String body = response.body();
        if (spec.containsKey("lines")) {
            Pattern wanted = Pattern.compile(Tree.text(spec.get("lines"), ".*"));
            body =
                    body.lines()
                            .filter(l -> wanted.matcher(l).find())
                            .collect(Collectors.joining("\n"));
        }
        if (spec.containsKey("pick")) {
            Object json = Tree.parse(body);
            body =
                    Tree.strings(spec.get("pick")).stream()
                            .map(path -> path + " = " + Tree.json(pick(json, path), true))
                            .collect(Collectors.joining("\n"));
        }
        return response.statusCode() + " " + type + "\n" + normaliser.text(body) + "\n";
    }

    private static Object pick(Object json, String path) {
        Object at = json;
        for (String step : path.split("/")) {
            at = step.matches("[0-9]+") ? element(at, Integer.parseInt(step)) : member(at, step);
            if (at == null) {
                return "<absent>";
            }
        }
        return at;
    }

    private static Object element(Object list, int index) {
        return list instanceof List<?> l && index < l.size() ? l.get(index) : null;
    }

    private static Object member(Object map, String key) {
        return map instanceof Map<?, ?> m ? m.get(key) : null;
    }
}
