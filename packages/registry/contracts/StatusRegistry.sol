// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IERC1056} from "./IERC1056.sol";

/// @notice An issuer's signed statement of all its status lists at one moment.
struct Head {
    address issuer;
    uint32 epoch;
    uint64 version;
    bytes32 prev;
    bytes32 root;
    uint48 issuedAt;
    uint48 validUntil;
}

/// @title Consulate StatusRegistry
/// @notice Records the newest head of every issuer, and one-way cut-offs for agents and issuers.
/// Authority is an EIP-712 signature of an ERC-1056 delegate or owner, never `msg.sender`: anybody may pay.
/// No admin, no proxy, no pause.
contract StatusRegistry is EIP712 {
    bytes32 public constant HEAD_TYPEHASH = keccak256(
        "Head(address issuer,uint32 epoch,uint64 version,bytes32 prev,bytes32 root,uint48 issuedAt,uint48 validUntil)"
    );
    bytes32 public constant KILL_TYPEHASH =
        keccak256("Kill(address issuer,uint8 scope,bytes32 target,uint48 cutoff)");
    bytes32 public constant OPEN_EPOCH_TYPEHASH = keccak256("OpenEpoch(address issuer,uint32 epoch)");

    bytes32 public constant ANCHOR_DELEGATE = "statusAnchor";
    bytes32 public constant KILL_DELEGATE = "statusKill";

    /// @dev Kill scopes: every credential of one agent, or every credential of the issuer.
    uint8 public constant SCOPE_AGENT = 1;
    uint8 public constant SCOPE_ISSUER = 2;

    /// @dev How many seconds a signed time may be ahead of the block's.
    uint256 public constant MAX_AHEAD = 60;

    IERC1056 public immutable didRegistry;

    /// @dev Two slots: the hash, and everything else.
    struct IssuerState {
        bytes32 headHash;
        uint32 epoch;
        uint64 version;
        uint48 issuedAt;
        uint64 anchoredBlock;
        uint48 deadBefore;
    }

    mapping(address issuer => IssuerState) private _issuers;
    mapping(address issuer => mapping(bytes32 agent => uint48)) private _agentDeadBefore;
    mapping(address issuer => mapping(uint32 epoch => bool)) private _equivocated;

    /// @notice With the topics, everything `headHash` is made of and the signature over it.
    event Anchored(
        address indexed issuer,
        uint32 indexed epoch,
        uint64 indexed version,
        bytes32 headHash,
        bytes32 prev,
        bytes32 root,
        uint48 issuedAt,
        uint48 validUntil,
        address signer,
        bytes signature
    );
    event Killed(
        address indexed issuer, uint8 scope, bytes32 indexed target, uint48 cutoff, address signer, bytes signature
    );
    event EpochOpened(address indexed issuer, uint32 indexed epoch, address signer, bytes signature);
    /// @notice Two heads of this epoch that exclude each other, with what proves who signed them.
    event Equivocated(
        address indexed issuer,
        uint32 indexed epoch,
        Head a,
        address signerA,
        bytes signatureA,
        Head b,
        address signerB,
        bytes signatureB
    );

    error NotDelegate(address issuer, bytes32 delegateType, address signer);
    error NeverDelegate(address issuer, bytes32 delegateType, address signer);
    error WrongSigner(address expected, address recovered);
    error EpochMismatch(uint32 current, uint32 given);
    error EpochNotNext(uint32 current, uint32 given);
    error NoEquivocation(bytes32 hashA, bytes32 hashB);
    error VersionNotAhead(uint64 anchored, uint64 given);
    error IssuedBeforeAnchored(uint48 anchored, uint48 given);
    error HeadExpired(uint48 validUntil, uint256 blockTime);
    error TooFarAhead(uint48 given, uint256 latest);
    error InvalidKillTarget(uint8 scope, bytes32 target);

    constructor(IERC1056 didRegistry_) EIP712("Consulate StatusRegistry", "1") {
        didRegistry = didRegistry_;
    }

    /// @notice Record a head. Its version must exceed the anchored one; gaps are allowed.
    /// @param signer The `statusAnchor` delegate of `head.issuer` whose signature it carries.
    function anchor(Head calldata head, address signer, bytes calldata signature) external {
        IssuerState storage state = _issuers[head.issuer];
        if (head.epoch != state.epoch) revert EpochMismatch(state.epoch, head.epoch);
        if (head.version <= state.version) revert VersionNotAhead(state.version, head.version);
        if (head.issuedAt < state.issuedAt) revert IssuedBeforeAnchored(state.issuedAt, head.issuedAt);
        if (head.validUntil <= block.timestamp) revert HeadExpired(head.validUntil, block.timestamp);
        _requireNotAhead(head.issuedAt);

        bytes32 headHash = keccak256(abi.encode(HEAD_TYPEHASH, head));
        _requireSigned(head.issuer, ANCHOR_DELEGATE, headHash, signer, signature);

        state.headHash = headHash;
        state.version = head.version;
        state.issuedAt = head.issuedAt;
        state.anchoredBlock = uint64(block.number);
        emit Anchored(
            head.issuer,
            head.epoch,
            head.version,
            headHash,
            head.prev,
            head.root,
            head.issuedAt,
            head.validUntil,
            signer,
            signature
        );
    }

    /// @notice Declare dead every credential of an agent or of the issuer with `validFrom` <= `cutoff`.
    /// A cut-off only ever rises. One that is not higher than the recorded one is already in force: the call
    /// succeeds and changes nothing, so that a retry, or the slower of two delegates, does not fail.
    /// @param target keccak256 of the agent's canonical DID in UTF-8; zero for the issuer.
    /// @param signer The `statusKill` delegate of `issuer` whose signature it carries.
    function kill(
        address issuer,
        uint8 scope,
        bytes32 target,
        uint48 cutoff,
        address signer,
        bytes calldata signature
    ) external {
        bool agent = scope == SCOPE_AGENT && target != 0;
        if (!agent && (scope != SCOPE_ISSUER || target != 0)) revert InvalidKillTarget(scope, target);
        _requireNotAhead(cutoff);
        bytes32 killHash = keccak256(abi.encode(KILL_TYPEHASH, issuer, scope, target, cutoff));
        _requireSigned(issuer, KILL_DELEGATE, killHash, signer, signature);

        if (cutoff <= (agent ? _agentDeadBefore[issuer][target] : _issuers[issuer].deadBefore)) return;
        if (agent) _agentDeadBefore[issuer][target] = cutoff;
        else _issuers[issuer].deadBefore = cutoff;
        emit Killed(issuer, scope, target, cutoff, signer, signature);
    }

    /// @notice Begin the next epoch: nothing is anchored in it yet, and heads of earlier ones are refused from here on.
    /// @param epoch One more than the current one.
    /// @param signature By the ERC-1056 owner of `issuer`, as the registry has it now.
    function openEpoch(address issuer, uint32 epoch, bytes calldata signature) external {
        IssuerState storage state = _issuers[issuer];
        if (uint256(epoch) != uint256(state.epoch) + 1) revert EpochNotNext(state.epoch, epoch);
        address owner = didRegistry.identityOwner(issuer);
        _requireSignedBy(owner, keccak256(abi.encode(OPEN_EPOCH_TYPEHASH, issuer, epoch)), signature);

        state.headHash = 0;
        state.epoch = epoch;
        state.version = 0;
        state.issuedAt = 0;
        state.anchoredBlock = 0;
        emit EpochOpened(issuer, epoch, owner, signature);
    }

    /// @notice Prove that an issuer signed two heads of one epoch that exclude each other: two with one version, two
    /// with one `prev`, or one whose `prev` is not the head before it. Whoever was ever its `statusAnchor` delegate can
    /// be convicted. What is already proved stays as it is: the call succeeds and changes nothing.
    function proveEquivocation(
        Head calldata a,
        address signerA,
        bytes calldata signatureA,
        Head calldata b,
        address signerB,
        bytes calldata signatureB
    ) external {
        bytes32 hashA = keccak256(abi.encode(HEAD_TYPEHASH, a));
        bytes32 hashB = keccak256(abi.encode(HEAD_TYPEHASH, b));
        if (!_exclude(a, hashA, b, hashB)) revert NoEquivocation(hashA, hashB);
        _requireOnceSigned(a.issuer, hashA, signerA, signatureA);
        _requireOnceSigned(b.issuer, hashB, signerB, signatureB);

        if (_equivocated[a.issuer][a.epoch]) return;
        _equivocated[a.issuer][a.epoch] = true;
        emit Equivocated(a.issuer, a.epoch, a, signerA, signatureA, b, signerB, signatureB);
    }

    /// @notice All that is recorded about an issuer, and about one of its agents.
    /// @param subject keccak256 of the agent's canonical DID in UTF-8.
    /// @return epoch The current epoch, from 0.
    /// @return version The newest anchored version of it; 0 when none is.
    /// @return headHash The EIP-712 struct hash of that head.
    /// @return anchoredBlock The block that recorded it.
    /// @return deadBefore The later of the issuer's and the agent's cut-off, in seconds; 0 when there is none.
    /// @return equivocated Whether two contradicting heads of this epoch were proved.
    function status(address issuer, bytes32 subject)
        external
        view
        returns (
            uint32 epoch,
            uint64 version,
            bytes32 headHash,
            uint64 anchoredBlock,
            uint48 deadBefore,
            bool equivocated
        )
    {
        IssuerState storage state = _issuers[issuer];
        uint48 agentDeadBefore = _agentDeadBefore[issuer][subject];
        deadBefore = agentDeadBefore > state.deadBefore ? agentDeadBefore : state.deadBefore;
        return (
            state.epoch,
            state.version,
            state.headHash,
            state.anchoredBlock,
            deadBefore,
            _equivocated[issuer][state.epoch]
        );
    }

    function _requireNotAhead(uint48 time) private view {
        uint256 latest = block.timestamp + MAX_AHEAD;
        if (time > latest) revert TooFarAhead(time, latest);
    }

    function _requireSigned(
        address issuer,
        bytes32 delegateType,
        bytes32 structHash,
        address signer,
        bytes calldata signature
    ) private view {
        if (!didRegistry.validDelegate(issuer, delegateType, signer)) revert NotDelegate(issuer, delegateType, signer);
        _requireSignedBy(signer, structHash, signature);
    }

    /// @dev A delegate that was removed or has run out keeps its entry, with the time at which it ended.
    function _requireOnceSigned(address issuer, bytes32 structHash, address signer, bytes calldata signature)
        private
        view
    {
        if (didRegistry.delegates(issuer, keccak256(abi.encodePacked(ANCHOR_DELEGATE)), signer) == 0) {
            revert NeverDelegate(issuer, ANCHOR_DELEGATE, signer);
        }
        _requireSignedBy(signer, structHash, signature);
    }

    /// @dev ECDSA only; `recover` refuses the high-S twin, so a signature has one form.
    function _requireSignedBy(address signer, bytes32 structHash, bytes calldata signature) private view {
        address recovered = ECDSA.recoverCalldata(_hashTypedDataV4(structHash), signature);
        if (recovered != signer) revert WrongSigner(signer, recovered);
    }

    /// @dev Versions have no gaps, so a head's `prev` is a statement about the version before it.
    function _exclude(Head calldata a, bytes32 hashA, Head calldata b, bytes32 hashB) private pure returns (bool) {
        if (a.issuer != b.issuer || a.epoch != b.epoch || hashA == hashB) return false;
        if (a.version == b.version || a.prev == b.prev) return true;
        return _breaks(a, b, hashB) || _breaks(b, a, hashA);
    }

    function _breaks(Head calldata head, Head calldata before, bytes32 beforeHash) private pure returns (bool) {
        return head.version > 0 && head.version - 1 == before.version && head.prev != beforeHash;
    }
}
