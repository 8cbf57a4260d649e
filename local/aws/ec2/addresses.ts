const octet = () => Math.floor(Math.random() * 254) + 1;

export const publicIp = () => `54.${octet()}.${octet()}.${octet()}`;
export const privateIp = () => `10.0.${octet()}.${octet()}`;
