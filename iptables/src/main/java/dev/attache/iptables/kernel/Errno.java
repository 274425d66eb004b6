package dev.attache.iptables.kernel;

/**
 * The error numbers that interception meets, with the words of strerror(3).
 *
 * <p>Source: asm-generic/errno-base.h and errno.h of Linux.
 */
public enum Errno {
    EPERM(1, "Operation not permitted"),
    ENOENT(2, "No such file or directory"),
    ESRCH(3, "No such process"),
    E2BIG(7, "Argument list too long"),
    EBADF(9, "Bad file descriptor"),
    EAGAIN(11, "Resource temporarily unavailable"),
    ENOMEM(12, "Cannot allocate memory"),
    EACCES(13, "Permission denied"),
    EBUSY(16, "Device or resource busy"),
    EEXIST(17, "File exists"),
    ENODEV(19, "No such device"),
    ENOTDIR(20, "Not a directory"),
    EINVAL(22, "Invalid argument"),
    ENOSPC(28, "No space left on device"),
    ENOSYS(38, "Function not implemented"),
    ENOLINK(67, "Link has been severed"),
    EPROTO(71, "Protocol error"),
    EBADFD(77, "File descriptor in bad state"),
    EADDRNOTAVAIL(99, "Cannot assign requested address"),
    EOPNOTSUPP(95, "Operation not supported"),
    ENOPROTOOPT(92, "Protocol not available"),
    ENOTSUPP(524, "Operation not supported by the kernel"),
    UNKNOWN(0, "Unknown error");

    private final int number;
    private final String words;

    Errno(int number, String words) {
        this.number = number;
        this.words = words;
    }

    /** Returns the constant of {@code number}, {@link #UNKNOWN} if it has none here. */
    static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return UNKNOWN;
    }

    /** Returns what strerror(3) says. */
    public String words() {
        return words;
    }
}
