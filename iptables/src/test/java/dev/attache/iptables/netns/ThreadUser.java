package dev.attache.iptables.netns;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Makes the calling thread, and threads it starts, open files and sockets as another user and
 * group; netfilter's owner match and cgroup programs see them as that user's. The other rights
 * stay.
 */
final class ThreadUser {
    private static final MethodHandle SETFSUID = handle("setfsuid");
    private static final MethodHandle SETFSGID = handle("setfsgid");

    private ThreadUser() {}

    private static MethodHandle handle(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    static void become(int uid, int gid) {
        try {
            int ignoredFormerGroup = (int) SETFSGID.invokeExact(gid);
            int ignoredFormerUser = (int) SETFSUID.invokeExact(uid);
            if ((int) SETFSUID.invokeExact(-1) != uid || (int) SETFSGID.invokeExact(-1) != gid) {
                throw new AssertionError("cannot become user " + uid);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
