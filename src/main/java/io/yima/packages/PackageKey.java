package io.yima.packages;

import io.yima.codes.ApplicationKey;
import io.yima.secrets.Sha256;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;

/** What a package is known by: its application, and the first of its codes. */
record PackageKey(ApplicationKey application, long codeStart) {

  /** Binds the four parts and gives the next parameter's position. */
  int bind(PreparedStatement statement, int position) throws SQLException {
    int next = application.bind(statement, position);
    statement.setLong(next, codeStart);
    return next + 1;
  }

  /**
   * The name of a file for it, which tells nothing but the provider's id. The generation makes it
   * one that no other attempt, on no other node, writes.
   */
  String fileName(long generation) {
    String known =
        application.authorizer().authorizerAppid() + "\n" + application.isvApplicationId();
    return "%s/%s/%d-%d.codes"
        .formatted(
            application.provider(),
            HexFormat.of().formatHex(Sha256.of(known)),
            codeStart,
            generation);
  }
}
