/**
 * The ground under everything that is stored: the embedded PostgreSQL for those who set no JDBC
 * URL, the roles and the check that they bind, the one clock that rules are given, and the worker
 * pool with its plain JDBC transactions.
 *
 * <p>Owns no tenant's table. Every room above may call it; it calls none.
 */
@NullMarked
package io.yima.database;

import org.jspecify.annotations.NullMarked;
