package dev.attache.filters.http.lua.exchange;

import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What of a message's body a script's run has: what waits, the whole of it while the script looks
 * at it, and the piece that came last. Loop-confined.
 */
public final class ScriptBody {

    private final FilterContext stream;
    private final Direction direction;
    private boolean holdsSource;
    private @Nullable KeptBody kept;
    private @Nullable ByteBuf whole;
    private @Nullable ByteBuf piece;
    private boolean replaced;

    public ScriptBody(FilterContext stream, Direction direction) {
        this.stream = stream;
        this.direction = direction;
    }

    /** Something waits, be it empty. */
    public boolean waits() {
        return kept != null;
    }

    /** The script has looked at the whole body since it went on. */
    public boolean isLookedAt() {
        return whole != null;
    }

    public boolean isTooLarge() {
        return kept != null && kept.size() > stream.bufferLimit();
    }

    /** A body where none was. */
    public void make() {
        whole = Unpooled.EMPTY_BUFFER;
    }

    /**
     * @param data is taken over
     */
    public void add(ByteBuf data) {
        KeptBody known = kept;
        if (known == null) {
            known = new KeptBody(stream.memory(), stream.connection().worker().allocator());
            kept = known;
        }
        known.add(data);
    }

    /** The script waits: whoever pays for the stream pays for what waits with it. */
    public void putBack() {
        ByteBuf seen = whole;
        if (seen != null) {
            add(seen);
            whole = null;
        }
    }

    /** All that there is, which the caller owns, or null. */
    public @Nullable ByteBuf take() {
        ByteBuf all = whole;
        whole = null;
        if (all == null && kept != null) {
            all = kept.take();
        }
        kept = null;
        return all;
    }

    public void release() {
        releaseSource();
        ByteBuf all = take();
        if (all != null) {
            all.release();
        }
        piece = null;
    }

    public void holdSourceIfFull() {
        if (!holdsSource && isTooLarge()) {
            holdsSource = true;
            stream.valve(direction).hold();
        }
    }

    public void releaseSource() {
        if (holdsSource) {
            holdsSource = false;
            stream.valve(direction).release();
        }
    }

    /** A piece that the script is to look at. */
    public void piece(ByteBuf data) {
        piece = data;
    }

    public boolean hasPiece() {
        return piece != null;
    }

    /**
     * What the script has put in the place of the piece, which it looks at no more; or null.
     *
     * @return owned by the caller
     */
    public @Nullable ByteBuf takeReplacement() {
        ByteBuf made = replaced ? piece : null;
        piece = null;
        replaced = false;
        return made;
    }

    /**
     * The bytes of a body object.
     *
     * @param ofPiece the piece that came last, not the whole body
     */
    public ByteBuf bytes(boolean ofPiece) {
        if (ofPiece) {
            return piece == null ? Unpooled.EMPTY_BUFFER : piece;
        }
        ByteBuf all = whole;
        if (all == null) {
            all = kept == null ? Unpooled.EMPTY_BUFFER : kept.take();
            kept = null;
            whole = all;
        }
        return all;
    }

    /** Other bytes in their place. */
    public void replace(boolean ofPiece, byte[] with) {
        ByteBuf made = Unpooled.wrappedBuffer(with);
        if (!ofPiece) {
            bytes(false).release();
            whole = made;
            return;
        }
        if (replaced && piece != null) {
            piece.release();
        }
        piece = made;
        replaced = true;
    }
}
