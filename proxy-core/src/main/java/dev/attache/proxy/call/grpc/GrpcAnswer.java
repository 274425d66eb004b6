package dev.attache.proxy.call.grpc;

import io.netty.buffer.ByteBuf;

/** Who waits for the answer of a unary gRPC call. One is called, once, on the worker's loop. */
public interface GrpcAnswer {

    /**
     * @param message on the heap: nobody has to release it
     */
    void onMessage(ByteBuf message);

    /** There is none: never {@link GrpcOutcome#OK}. */
    void onFailure(GrpcOutcome status);
}
