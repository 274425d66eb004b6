package dev.attache.proxy.worker;

import org.jspecify.annotations.Nullable;

/**
 * A deadline that its owner arms and disarms. Subclass it where the deadline is handled; one object
 * serves for the life of its owner. Loop-confined. The links are the wheel's.
 */
public abstract class Timer {

    @Nullable Timer next;
    @Nullable Timer previous;

    /** Wheel tick at which it fires; meaningful while armed. */
    long deadlineTick;

    int slot = -1;
    @Nullable TimerWheel wheel;

    /** Called on the loop when the deadline passes; the timer is already disarmed. */
    protected abstract void expire();

    public final boolean armed() {
        return wheel != null;
    }

    /** Disarms; a no-op when not armed. */
    public final void cancel() {
        TimerWheel armedIn = wheel;
        if (armedIn != null) {
            armedIn.remove(this);
        }
    }
}
