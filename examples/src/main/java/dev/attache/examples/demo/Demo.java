package dev.attache.examples.demo;

import dev.attache.examples.demo.DemoControlPlane.Instance;
import dev.attache.proxy.address.Address;
import dev.attache.server.AttacheServer;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.log.LogLevel;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./attache demo}: tells the story live, then serves until Ctrl-C. {@code --exit} ends after
 * the story: 0 if no request failed and every step went as told, 1 otherwise. Ctrl-C or SIGTERM
 * before the story's end closes everything as well and ends with 128 plus the signal's number.
 */
public final class Demo {

    private static final String USAGE =
            """
            usage: attache demo [--exit] [--step-seconds N] [--log-level LEVEL]
              --exit             end after the story instead of waiting for Ctrl-C;
                                 exit code 0 if all went as told and no request failed, else 1
              --step-seconds N   how long each step is watched (default 4)
              --log-level LEVEL  of the sidecars, on standard error (default error)
              --help             this text
            """;

    private final PrintStream out = System.out;
    private final int stepSeconds;
    private final LogLevel logLevel;
    private final StopSignal stop;
    private boolean asTold = true;
    private Map<String, Long> lastCounts = Map.of();

    private Demo(int stepSeconds, LogLevel logLevel, StopSignal stop) {
        this.stop = stop;
        this.stepSeconds = stepSeconds;
        this.logLevel = logLevel;
    }

    public static void main(String[] args) throws Exception {
        boolean exit = false;
        int seconds = 4;
        LogLevel level = LogLevel.ERROR;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--exit" -> exit = true;
                case "--step-seconds" -> {
                    if (++i == args.length || !args[i].matches("[1-9][0-9]?")) {
                        fail("--step-seconds wants a number from 1 to 99");
                    }
                    seconds = Integer.parseInt(args[i]);
                }
                case "--log-level" -> {
                    LogLevel asked = ++i < args.length ? LogLevel.byName(args[i]) : null;
                    if (asked == null) {
                        fail(
                                "--log-level wants trace, debug, info, warning, error, critical or off");
                        return;
                    }
                    level = asked;
                }
                case "--help", "-h" -> {
                    System.out.print(USAGE);
                    return;
                }
                default -> fail("unknown argument '" + args[i] + "'");
            }
        }
        System.exit(new Demo(seconds, level, StopSignal.install()).run(exit));
    }

    private static void fail(String why) {
        System.err.println("attache demo: " + why);
        System.err.print(USAGE);
        System.exit(1);
    }

    private int run(boolean exit) throws IOException, InterruptedException, StartupException {
        Logging.setLevel(logLevel);
        int code = tell(exit);
        say("ended cleanly");
        return code;
    }

    private int tell(boolean exit) throws IOException, InterruptedException, StartupException {
        say(
                "Attache demo: a control plane, two sidecars, mTLS between them, two versions of a shop.");
        try (ShopApp v1 = new ShopApp("v1-a", "v1");
                ShopApp v2a = new ShopApp("v2-a", "v2");
                ShopApp v2b = new ShopApp("v2-b", "v2")) {
            List<Integer> ports = freePorts(4);
            List<Instance> instances =
                    List.of(
                            new Instance("v1-a", "v1", ports.get(1), v1.port()),
                            new Instance("v2-a", "v2", ports.get(2), v2a.port()),
                            new Instance("v2-b", "v2", ports.get(3), v2b.port()));
            int entry = ports.get(0);
            try (DemoControlPlane control = new DemoControlPlane(entry, instances);
                    AttacheServer shop = sidecar(DemoControlPlane.SHOP, control.port());
                    AttacheServer client = sidecar(DemoControlPlane.CLIENT, control.port())) {
                say("control plane on 127.0.0.1:" + control.port() + " (delta ADS, SDS)");
                describe("the shop's sidecar", shop);
                describe("the client's sidecar", client);
                try (LoadClient load = new LoadClient(entry)) {
                    boolean toTheEnd = story(control, load, instances);
                    if (toTheEnd) {
                        tryNext(entry, client, shop);
                        serve(exit);
                    }
                    say("");
                    say("requests sent: " + load.sent() + ", failed: " + load.failed());
                    load.failures().stream().distinct().limit(5).forEach(f -> say("  " + f));
                    asTold &= load.failed() == 0;
                    return toTheEnd ? asTold ? 0 : 1 : 128 + stop.number();
                }
            }
        }
    }

    private void serve(boolean exit) throws InterruptedException {
        if (!exit) {
            say("");
            say("Serving until Ctrl-C.");
            stop.await();
        }
    }

    private AttacheServer sidecar(String node, int controlPlanePort)
            throws StartupException, InterruptedException {
        AttacheServer server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(
                                        Templates.text(
                                                "bootstrap",
                                                Map.of(
                                                        "node",
                                                        node,
                                                        "control_plane_port",
                                                        controlPlanePort)))
                                .concurrency(1)
                                .logLevel(logLevel)
                                .drainTime(Duration.ofSeconds(5))
                                .build());
        if (!server.awaitLive(Duration.ofSeconds(60))) {
            throw new StartupException(
                    node + " did not become live: " + server.lifecycle().failure());
        }
        return server;
    }

    private void describe(String what, AttacheServer server) {
        say(what + ": admin http://" + server.adminAddress());
        server.listenerAddresses()
                .forEach((name, addresses) ->
                        say("    listener " + name + " on " + join(addresses)));
    }

    private static String join(List<Address> addresses) {
        return String.join(", ", addresses.stream().map(Address::toString).toList());
    }

    /** False if a signal cut it short. */
    private boolean story(DemoControlPlane control, LoadClient load, List<Instance> instances)
            throws InterruptedException {
        if (!step("all traffic goes to v1", load)) {
            return false;
        }
        control.shift(50);
        if (!step("RDS: half of the traffic shifts to v2", load)) {
            return false;
        }
        control.shift(100);
        if (!step("RDS: all of it", load)) {
            return false;
        }
        control.remove(instances.get(2));
        if (!step("EDS: endpoint v2-b leaves", load)) {
            return false;
        }
        asTold &= lastCounts.containsKey("v2-a");
        String serials = control.rotate();
        if (!step("SDS: both certificates are rotated (new serials " + serials + "…)", load)) {
            return false;
        }
        control.refusals().clear();
        control.pushBadCluster(true);
        String refusal = control.refusals().poll(10, TimeUnit.SECONDS);
        say("");
        say("== CDS: a bad cluster is pushed; the proxy refuses it by name:");
        say("   " + (refusal == null ? "NO REFUSAL CAME" : refusal.strip()));
        asTold &= refusal != null && refusal.contains("shop-v3");
        boolean toTheEnd = step("and what served goes on", load);
        control.pushBadCluster(false);
        return toTheEnd;
    }

    /** Watches for a while and says what came; false if a signal came. */
    private boolean step(String what, LoadClient load) throws InterruptedException {
        load.takeCounts();
        long failedBefore = load.failed();
        if (stop.await(Duration.ofSeconds(stepSeconds))) {
            return false;
        }
        Map<String, Long> counts = load.takeCounts();
        lastCounts = counts;
        say("");
        say("== " + what);
        StringBuilder line = new StringBuilder("   requests by instance:");
        counts.forEach(
                (instance, count) -> line.append("  ").append(instance).append(' ').append(count));
        say(line + "   failures: " + (load.failed() - failedBefore));
        return true;
    }

    private void tryNext(int entry, AttacheServer client, AttacheServer shop) {
        say("");
        say("Try next:");
        say("  curl -i http://127.0.0.1:" + entry + "/");
        say("  curl http://" + client.adminAddress() + "/clusters");
        say("  curl http://" + client.adminAddress() + "/config_dump?include_eds");
        say("  curl http://" + client.adminAddress() + "/stats?filter=cluster.shop");
        say("  curl http://" + shop.adminAddress() + "/certs");
        say("  curl http://" + shop.adminAddress() + "/stats/prometheus");
        say("  curl -X POST http://" + client.adminAddress() + "/logging?level=debug");
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        return ports;
    }
}
