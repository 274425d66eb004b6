package dev.attache.interception;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A pod of two processes, application and proxy, in a space of its own, with cables to a second
 * space, the world. Made by a test and removed by it.
 *
 * <pre>
 *   pod  eth0 10.21.0.2 fd21::2  --  10.21.0.1 fd21::1 eth0  world
 *        eth1 10.22.0.2 fd22::2  --  10.22.0.1 fd22::1 eth1
 * </pre>
 */
final class Pod implements AutoCloseable {
    private final Space pod;
    private final Space world;

    private Pod(Space pod, Space world) {
        this.pod = pod;
        this.world = world;
    }

    static Pod make(Path directory) throws IOException {
        Space inner = Space.make("pod", directory);
        Space world;
        try {
            world = Space.make("world", directory);
        } catch (IOException | RuntimeException e) {
            inner.close();
            throw e;
        }
        Pod pod = new Pod(inner, world);
        try {
            pod.cable();
            return pod;
        } catch (IOException | RuntimeException e) {
            pod.close();
            throw e;
        }
    }

    private void cable() throws IOException {
        for (int cable = 0; cable < 2; cable++) {
            String eth = "eth" + cable;
            pod.cable(world, eth);
            for (Space space : List.of(pod, world)) {
                int host = space == pod ? 2 : 1;
                space.plug(
                        eth,
                        List.of(
                                "10.2%d.0.%d/24".formatted(cable + 1, host),
                                "fd2%d::%d/64".formatted(cable + 1, host)));
            }
        }
    }

    /** Where application and proxy are. */
    Space space() {
        return pod;
    }

    /** Starts the application, which is none of the proxy's users. */
    Player application() throws IOException {
        return pod.play(1000, Actor.class.getName());
    }

    /** Starts a process in the world. */
    Player world() throws IOException {
        return world.play(0, Actor.class.getName());
    }

    @Override
    public void close() throws IOException {
        try (pod) {
            world.close();
        }
    }
}
