package dev.attache.server;

import dev.attache.server.assembly.Assembly;
import dev.attache.server.extension.ExtensionReload;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.plane.ConfigPlane;
import dev.attache.server.source.NettyMainLoop;
import dev.attache.xds.stream.LocalServices;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The config plane of a server with new versions of users' jars; both live on the main loop. */
final class ServedPlane {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    /** What it may take to close. */
    private static final long LIMIT_SECONDS = 3;

    private final NettyMainLoop main;
    private final ConfigPlane plane;
    private final ExtensionReload extensions;

    ServedPlane(
            Assembly assembly,
            ServerOptions options,
            LocalServices local,
            ServerLoops loops,
            ServedEngine served) {
        this.main = loops.main();
        this.plane = new ConfigPlane(setup(assembly, options, local, loops, served));
        this.extensions =
                new ExtensionReload(
                        assembly.extensions(),
                        plane,
                        main,
                        plane.compiling(),
                        options.drainTime(),
                        assembly::tidy);
    }

    private ConfigPlane.Setup setup(
            Assembly assembly,
            ServerOptions options,
            LocalServices local,
            ServerLoops loops,
            ServedEngine served) {
        Node node = assembly.node();
        return new ConfigPlane.Setup(
                main,
                assembly.stats(),
                served.target(),
                served.surroundings(),
                secrets -> assembly.compilers(secrets, this::hasCluster),
                () -> node,
                loops.files(),
                assembly.responseReader(),
                loops.grpc(),
                local,
                new Random(),
                options.drainTime(),
                served.engine().calls());
    }

    private boolean hasCluster(String name) {
        return plane.clusters().exists(name);
    }

    ConfigPlane plane() {
        return plane;
    }

    ExtensionReload extensions() {
        return extensions;
    }

    /** Waits for the main loop to close both. */
    void close() {
        try {
            main.eventLoop()
                    .submit(() -> {
                        extensions.close();
                        plane.close();
                    })
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the config plane did not close cleanly", e);
        }
    }
}
