// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The part of the ERC-1056 DID registry that authority is read from.
interface IERC1056 {
    /// @return Whether `delegate` holds an unexpired entry of `delegateType` for `identity`.
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool);

    /// @param delegateTypeHash keccak256 of the delegate type.
    /// @return When the entry ends or ended; 0 when there never was one.
    function delegates(address identity, bytes32 delegateTypeHash, address delegate) external view returns (uint256);

    /// @return Who may change the identity: itself, until it was handed on.
    function identityOwner(address identity) external view returns (address);
}
