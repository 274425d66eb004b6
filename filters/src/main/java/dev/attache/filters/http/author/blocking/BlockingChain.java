package dev.attache.filters.http.author.blocking;

import dev.attache.filter.CallException;
import dev.attache.filter.CallListener;
import dev.attache.filter.CallRequest;
import dev.attache.filter.CallResponse;
import dev.attache.filter.Chain;
import dev.attache.filter.Request;
import dev.attache.filter.Response;
import dev.attache.filter.StreamContext;
import dev.attache.filters.http.author.stream.AuthorContext;

/** What a blocking filter finds around it, on the thread of its stream. */
final class BlockingChain implements Chain {
    private final BlockingTier tier;
    private final AuthorContext stream;
    private final StreamTurns turns;
    private final HeldMessage request;
    private final StreamContext ofThread;

    BlockingChain(BlockingTier tier, AuthorContext stream, HeldMessage request, StreamTurns turns) {
        this.tier = tier;
        this.stream = stream;
        this.turns = turns;
        this.request = request;
        this.ofThread = new BlockingContext(stream, request, turns);
    }

    @Override
    public Response proceed(Request of) throws InterruptedException {
        if (!(of instanceof HeldRequest(HeldMessage message)) || message != request) {
            throw new IllegalArgumentException("the request is of another stream");
        }
        return turns.ask(tier::proceed);
    }

    @Override
    public Response answer(int status, byte[] body) {
        return new OwnAnswer(status, body);
    }

    @Override
    public CallResponse call(CallRequest of) throws CallException, InterruptedException {
        return turns.call((Turn<CallResponse> turn) -> stream.call(of, new Waiting(turn)));
    }

    private record Waiting(Turn<CallResponse> turn) implements CallListener {
        @Override
        public void onResponse(CallResponse response) {
            turn.done(response);
        }

        @Override
        public void onFailure(CallException why) {
            turn.failed(why);
        }
    }

    @Override
    public StreamContext stream() {
        return ofThread;
    }
}
