package dev.attache.proxy.worker;

import dev.attache.proxy.memory.DirectMemory;

/**
 * Where the line is between what costs the one thing it happened to and what costs the process.
 * Code that is not the engine's own (a filter, a logger, a balancer, a transport, a callback) is
 * called within {@code catch (Throwable)}, and what is caught goes through here first.
 */
public final class Faults {

    private Faults() {}

    /**
     * Returns where the caller can go on, having ended what threw: any exception, and errors of
     * classes, assertions, of a stack that ran over and of direct memory that is used up. Throws
     * {@code thrown} again where the machine itself is in trouble, such as out of heap: to go on as
     * if nothing had happened would hide it.
     */
    public static void contain(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal
                && !(thrown instanceof StackOverflowError)
                && !DirectMemory.isUsedUp(thrown)) {
            throw fatal;
        }
    }

    /** What happened in one line: the class and, where there is one, its message. */
    public static String text(Throwable thrown) {
        return thrown.toString().lines().findFirst().orElse(thrown.getClass().getName());
    }
}
