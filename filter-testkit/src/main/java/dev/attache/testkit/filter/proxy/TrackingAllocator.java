package dev.attache.testkit.filter.proxy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Knows of each buffer that it gave out where that was, so that none that is forgotten goes
 * unnoticed. Confined to the test's thread.
 */
public final class TrackingAllocator extends AbstractByteBufAllocator {

    private static final int LOOK_EVERY = 1024;

    private record Given(ByteBuf buffer, Throwable where) {
        boolean isHeld() {
            return buffer.refCnt() > 0;
        }
    }

    private final List<Given> given = new ArrayList<>();

    public TrackingAllocator() {
        super(true);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return track(new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return track(new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity));
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    private ByteBuf track(ByteBuf buffer) {
        if (given.size() >= LOOK_EVERY) {
            given.removeIf(each -> !each.isHeld());
        }
        given.add(new Given(buffer, new Throwable("allocated here")));
        return buffer;
    }

    /** Each buffer that is still held, with the line of code that asked for it. */
    public List<String> held() {
        List<String> held = new ArrayList<>();
        for (Given each : given) {
            if (each.isHeld()) {
                held.add(each.buffer() + " of " + asker(each.where()));
            }
        }
        return held;
    }

    private static String asker(Throwable where) {
        for (StackTraceElement frame : where.getStackTrace()) {
            String name = frame.getClassName();
            if (!name.startsWith("io.netty.") && !name.equals(TrackingAllocator.class.getName())) {
                return frame.toString();
            }
        }
        return "an unknown place";
    }
}
