package dev.attache.filters.jwt;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import org.jspecify.annotations.Nullable;

/** The JDK's keys from their numbers, with what BoringSSL asks of them. */
final class PublicKeys {

    private static final int MIN_RSA_BITS = 512;
    private static final int MAX_RSA_BITS = 16384;
    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final BigInteger F4 = BigInteger.valueOf(65537);

    private PublicKeys() {}

    /**
     * @throws JwtException if the modulus is even, too short or too long, or the exponent uncommon
     */
    static PublicKey rsa(BigInteger modulus, BigInteger exponent) throws JwtException {
        boolean common = exponent.equals(THREE) || exponent.equals(F4);
        if (!common
                || !modulus.testBit(0)
                || modulus.bitLength() < MIN_RSA_BITS
                || modulus.bitLength() > MAX_RSA_BITS) {
            throw new JwtException(JwtStatus.JWKS_RSA_PARSE_ERROR);
        }
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, exponent));
        } catch (InvalidKeySpecException e) {
            throw new JwtException(JwtStatus.JWKS_RSA_PARSE_ERROR);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /**
     * @throws JwtException if the point is not on the curve, which the JDK does not look at
     */
    static PublicKey ec(String curve, BigInteger x, BigInteger y) throws JwtException {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve));
            ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
            if (!isOnCurve(spec, x, y)) {
                throw new JwtException(JwtStatus.JWKS_EC_PARSE_ERROR);
            }
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), spec));
        } catch (InvalidKeySpecException e) {
            throw new JwtException(JwtStatus.JWKS_EC_PARSE_ERROR);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + curve, e);
        }
    }

    private static boolean isOnCurve(ECParameterSpec spec, BigInteger x, BigInteger y) {
        BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right =
                x.multiply(x)
                        .add(spec.getCurve().getA())
                        .multiply(x)
                        .add(spec.getCurve().getB())
                        .mod(p);
        return y.multiply(y).mod(p).equals(right);
    }

    /** The key of RFC 8032's 32 bytes, or null where they are no point of the curve. */
    static @Nullable PublicKey ed25519(byte[] littleEndian) {
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
        }
        boolean xIsOdd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        EdECPoint point = new EdECPoint(xIsOdd, new BigInteger(1, bigEndian));
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
        } catch (InvalidKeySpecException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }
}
