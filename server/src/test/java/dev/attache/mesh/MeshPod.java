package dev.attache.mesh;

import dev.attache.conformance.ProxyProcess;
import dev.attache.interception.Player;
import dev.attache.interception.Space;
import dev.attache.interception.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a mesh: a space with an application and, at times, a proxy, whose configuration and
 * secrets come over sockets in the file system as from Istio's agent.
 */
final class MeshPod implements AutoCloseable {
    private static final int ADMIN = 15000;

    private final MeshNode node;
    private final Space space;
    private final Way way;
    private final Path directory;
    private final Istiod istiod;
    private final WorkloadSecrets secrets;
    private final List<SocketRelay> relays = new ArrayList<>();
    private final Player application;
    private @Nullable ProxyProcess proxy;

    /**
     * Takes over the space and the secrets, and starts the application.
     *
     * @param directory its own
     */
    MeshPod(
            MeshNode node,
            Space space,
            Way way,
            Path directory,
            Istiod istiod,
            WorkloadSecrets secrets)
            throws IOException {
        this.node = node;
        this.space = space;
        this.way = way;
        this.directory = directory;
        this.istiod = istiod;
        this.secrets = secrets;
        relays.add(new SocketRelay(directory.resolve("xds"), istiod.xds()));
        relays.add(new SocketRelay(directory.resolve("sds"), secrets.port()));
        this.application = space.play(1000, MeshActor.class.getName());
    }

    MeshNode node() {
        return node;
    }

    Space space() {
        return space;
    }

    /** Has the application do something, see {@link MeshActor}. */
    String say(String line) {
        try {
            return application.say(line).translateEscapes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a proxy, with a folder of its own, without waiting for it. */
    void start(Path binary, String folder) throws IOException {
        Path work = Files.createDirectories(directory.resolve(folder));
        Files.setAttribute(work, "unix:uid", way.uid());
        Path config = work.resolve("envoy.yaml");
        Files.writeString(
                config, node.bootstrap(istiod.version(), ADMIN, pipe("xds"), pipe("sds")));
        List<String> program = new ArrayList<>(space.entering(way.uid(), way.gid()));
        program.add(binary.toString());
        List<String> arguments = List.of("--skip-deprecated-logs");
        proxy = ProxyProcess.launch(program, config, work, ADMIN, arguments, Map.of());
    }

    private String pipe(String name) {
        return "{pipe: {path: \"" + directory.resolve(name) + "\"}}";
    }

    /** Where the proxy of that folder logs. */
    Path accessLog(String folder) {
        return directory.resolve(folder).resolve("access.log");
    }

    /** A page of the proxy's admin interface. */
    String admin(String page) {
        return say("page 127.0.0.1 " + ADMIN + " " + page);
    }

    boolean ready() {
        return admin("/ready").contains("LIVE");
    }

    /** What it says of itself, for a test that fails. */
    String fate() {
        try {
            String log = proxy == null ? "no proxy" : proxy.log();
            return node.name() + ": " + log + admin("/clusters") + admin("/listeners");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        if (proxy != null) {
            proxy.close();
            proxy = null;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stop();
        for (SocketRelay each : relays) {
            each.close();
        }
        secrets.close();
        space.close();
    }
}
