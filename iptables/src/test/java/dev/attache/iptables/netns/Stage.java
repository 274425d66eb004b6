package dev.attache.iptables.netns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two namespaces joined by two links: {@code app}, where application and proxy live, and {@code
 * peer}, where clients and upstreams live. What runs in them is stopped with it.
 *
 * <pre>
 *   app  eth0 10.11.0.2 fd11::2  --  10.11.0.1 fd11::1 eth0  peer
 *        eth1 10.12.0.2 fd12::2  --  10.12.0.1 fd12::1 eth1
 * </pre>
 */
public final class Stage implements AutoCloseable {
    /** The application's user and group. */
    public static final int APPLICATION = 1000;

    /** The proxy's user and group. */
    public static final int PROXY = 1337;

    private final Namespace app;
    private final Namespace peer;
    private final List<AutoCloseable> actors = new ArrayList<>();

    private Stage(Namespace app, Namespace peer) {
        this.app = app;
        this.peer = peer;
    }

    /** Makes the namespaces and the servers: applications, upstreams, a resolver. */
    public static Stage open() throws IOException {
        Stage stage = new Stage(Namespace.create("a"), Namespace.create("b"));
        for (int link = 0; link < 2; link++) {
            String v4 = "10.1" + (link + 1) + ".0.";
            String v6 = "fd1" + (link + 1) + "::";
            Namespace.join(
                    stage.app,
                    "eth" + link,
                    List.of(v4 + "2/24", v6 + "2/64"),
                    stage.peer,
                    "eth" + link,
                    List.of(v4 + "1/24", v6 + "1/64"));
        }
        for (int port : new int[] {8080, 8443, 9000, 53}) {
            stage.add(Banner.tcp(stage.peer, 0, "upstream", port));
        }
        stage.add(Banner.udp(stage.peer, 0, "upstream", 53));
        stage.add(Banner.udp(stage.peer, 0, "upstream", 8080));
        for (int port : new int[] {7070, 8081, 15008, 15020, 15021, 15090}) {
            stage.add(Banner.tcp(stage.app, APPLICATION, "application", port));
        }
        return stage;
    }

    public Namespace app() {
        return app;
    }

    public Namespace peer() {
        return peer;
    }

    /** Has something closed with the stage. */
    public <T extends AutoCloseable> T add(T actor) {
        actors.add(actor);
        return actor;
    }

    @Override
    public void close() throws IOException {
        Collections.reverse(actors);
        for (AutoCloseable actor : actors) {
            try {
                actor.close();
            } catch (Exception e) {
                throw new IOException("closing " + actor, e);
            }
        }
        app.close();
        peer.close();
    }
}
