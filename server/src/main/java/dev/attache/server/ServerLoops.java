package dev.attache.server;

import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.discovery.NettyNameResolver;
import dev.attache.proxy.worker.LoopGroup;
import dev.attache.proxy.worker.LoopPulse;
import dev.attache.proxy.worker.LostThread;
import dev.attache.server.source.NettyMainLoop;
import dev.attache.xds.file.FileWatcher;
import dev.attache.xds.stream.GrpcThreads;
import java.util.concurrent.TimeUnit;

/**
 * The loops of a server that are no worker's, and what lives on them: the main loop with its
 * watches of files and its resolver, and the threads of gRPC.
 */
final class ServerLoops {

    private final LoopGroup group;
    private final NettyMainLoop main;
    private final FileWatcher files;
    private final GrpcThreads grpc;
    private final NameResolver names;

    /**
     * @param lost told when one of them ends by itself
     */
    ServerLoops(LostThread lost) {
        this.group = LoopGroup.of("main-loop", 1, true, lost);
        this.main = new NettyMainLoop(group.next());
        this.files = new FileWatcher(main);
        this.grpc = new GrpcThreads(LoopGroup.of("xds-grpc", 1, true, lost));
        this.names = new NettyNameResolver(main.eventLoop());
    }

    NettyMainLoop main() {
        return main;
    }

    /** Turns of the main loop, for the watchdog. */
    LoopPulse mainPulse() {
        return group.pulses().getFirst();
    }

    FileWatcher files() {
        return files;
    }

    GrpcThreads grpc() {
        return grpc;
    }

    NameResolver names() {
        return names;
    }

    /** Stops the main loop; nothing runs on it afterwards. */
    void closeMain() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
